/** Topics of a stream: names, settings, and making them (docs/protocol/11 §4.13). */
import { hexOf, type Bytes } from '../../../base/bytes.ts';
import { millis, type Millis } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import { MAX_CALL_BYTES } from '../log-errors.ts';
import type { KafkaConnection } from './connection.ts';
import { typeOf } from './kafka-errors.ts';
import type { TopicSetup } from './kafkajs.ts';

export const TOPIC_MILLIS = millis(20_000);
const REQUEST_MILLIS = 10_000;
const COPIES = 3;
const NAME_DIGITS = 20;
const TOPIC_RESOURCE = 2;
/** A group of appends goes as one; something stands around it. */
const MAX_MESSAGE_BYTES = MAX_CALL_BYTES + 1024 * 1024 + 65_536;

export interface StreamTopics {
  readonly data: string;
  readonly keys: string;
  readonly checkpoints: string;
}

type Settings = Readonly<Record<string, string>>;

export function topicsOf(streamId: Bytes): StreamTopics {
  const name = hexOf(streamId).slice(0, NAME_DIGITS);
  return { data: `pd.s.${name}`, keys: `pd.k.${name}`, checkpoints: `pd.c.${name}` };
}

/** Times of records are what the publisher's gateway saw; a clock that is wrong must not end a stream. */
export function dataSettings(retentionMillis: Millis): Settings {
  return { 'cleanup.policy': 'delete', 'retention.ms': String(retentionMillis), 'retention.bytes': '-1', 'max.message.bytes': String(MAX_MESSAGE_BYTES), 'message.timestamp.type': 'CreateTime', 'message.timestamp.after.max.ms': String(Number.MAX_SAFE_INTEGER) };
}

const TABLE_SETTINGS: Settings = { 'cleanup.policy': 'compact' };

/** Makes those that are not there. @returns whether the topic of records is new. @throws LOG_RIGHTS, LOG_UNREACHABLE */
export async function makeTopics(connection: KafkaConnection, { data, keys, checkpoints }: StreamTopics, retentionMillis: Millis, replication: number | undefined): Promise<boolean> {
  let isNew = false;
  for (const [topic, settings] of [[keys, TABLE_SETTINGS], [checkpoints, TABLE_SETTINGS], [data, dataSettings(retentionMillis)]] as const) {
    if (await connection.isThere(topic, { need: `DESCRIBE on topic ${topic}`, withinMillis: TOPIC_MILLIS })) continue;
    await makeTopic(connection, topic, settings, replication);
    isNew ||= topic === data;
  }
  return isNew;
}

export function makeTopic(connection: KafkaConnection, topic: string, settings: Settings, replication: number | undefined, withinMillis = TOPIC_MILLIS): Promise<void> {
  return connection.controller({ need: `CREATE on topic ${topic}`, withinMillis }, async (broker, brokers) => {
    const copies = replication ?? Math.min(COPIES, brokers.length);
    // with three copies one broker may be away, and what is acknowledged stands on two
    const all = { ...settings, 'min.insync.replicas': String(Math.max(1, copies - 1)) };
    const setup: TopicSetup = { topic, numPartitions: 1, replicationFactor: copies, configEntries: entriesOf(all) };
    await broker.createTopics({ topics: [setup], timeout: REQUEST_MILLIS }).catch((error: unknown) => {
      if (typeOf(error) !== 'TOPIC_ALREADY_EXISTS') throw error;
    });
  });
}

export function dropTopic(connection: KafkaConnection, topic: string, withinMillis = TOPIC_MILLIS): Promise<void> {
  return connection.controller({ need: `DELETE on topic ${topic}`, withinMillis }, async (broker) => {
    await broker.deleteTopics({ topics: [topic], timeout: REQUEST_MILLIS });
  });
}

/** Gives the topic of a stream another time to keep records. @throws LOG_RIGHTS, LOG_UNREACHABLE */
export function setRetention(connection: KafkaConnection, topic: string, retentionMillis: Millis): Promise<void> {
  return connection.controller({ need: `ALTER_CONFIGS on topic ${topic}`, withinMillis: TOPIC_MILLIS }, async (broker) => {
    const wanted = dataSettings(retentionMillis);
    // all that was ever set is named, for the request puts what it does not name back to the cluster's own
    const configNames = [...Object.keys(wanted), 'min.insync.replicas'];
    const { resources } = await broker.describeConfigs({ resources: [{ type: TOPIC_RESOURCE, name: topic, configNames }] });
    const now = Object.fromEntries((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
    if (now['retention.ms'] === wanted['retention.ms']) return;
    await broker.alterConfigs({ resources: [{ type: TOPIC_RESOURCE, name: topic, configEntries: entriesOf({ ...now, ...wanted }) }] });
  });
}


function entriesOf(settings: Settings): TopicSetup['configEntries'] {
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}

/** What stands in the topics of another stream, or is being moved. */
export function wrongStream(topic: string): CodedError {
  return new CodedError('LOG_DAMAGED', 'The topics of this stream in the Kafka cluster belong to something else.', { help: 'Remove them, or use another cluster.', meta: { topic } });
}
