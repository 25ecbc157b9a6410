/** Requests to the only partition of a topic. */
import type { Bytes } from '../../../base/bytes.ts';
import { millis, type Millis } from '../../../base/clock.ts';
import type { KafkaConnection } from './connection.ts';
import { typeOf } from './kafka-errors.ts';
import { READ_UNCOMMITTED, type ClientBroker, type ClientRecord } from './kafkajs.ts';

export const PARTITION = 0;
export const READ_MILLIS = millis(15_000);
const EARLIEST = -2;
const LATEST = -1;
const NO_BYTES = Buffer.alloc(0);

export interface PartitionRecord {
  readonly offset: bigint;
  readonly timeMillis: Millis;
  readonly key: Bytes;
  readonly value: Bytes;
}

export interface Fetched {
  readonly records: readonly PartitionRecord[];
  /** Behind the last record that may be read. */
  readonly end: bigint;
}

/** Null when the partition does not hold that offset (yet, or any more). */
export async function fetchRecords(connection: KafkaConnection, topic: string, from: bigint, maxBytes: number, withinMillis = READ_MILLIS): Promise<Fetched | null> {
  return connection.leader(topic, { need: `READ on topic ${topic}`, withinMillis }, async (broker) => {
    try {
      const { responses } = await broker.fetch({ maxWaitTime: 0, minBytes: 0, maxBytes, isolationLevel: READ_UNCOMMITTED, topics: [{ topic, partitions: [{ partition: PARTITION, fetchOffset: from.toString(), maxBytes }] }] });
      const found = responses[0]?.partitions[0];
      return found === undefined ? null : { records: recordsFrom(found.messages, from), end: BigInt(found.highWatermark) };
    } catch (error) {
      if (typeOf(error) === 'OFFSET_OUT_OF_RANGE') return null;
      throw error;
    }
  });
}

/** The broker gives whole groups of records, which may begin before `from`. */
export function recordsFrom(messages: readonly ClientRecord[], from: bigint): readonly PartitionRecord[] {
  return messages.map(({ offset, timestamp, key, value }) => ({ offset: BigInt(offset), timeMillis: millis(Number(timestamp)), key: key ?? NO_BYTES, value: value ?? NO_BYTES })).filter(({ offset }) => offset >= from);
}

export async function partitionBounds(connection: KafkaConnection, topic: string): Promise<{ readonly first: bigint; readonly next: bigint }> {
  const [first, next] = await Promise.all([offsetOf(connection, topic, EARLIEST), offsetOf(connection, topic, LATEST)]);
  return { first, next };
}

/** First offset at or after a time; -1 when there is none. */
export function partitionOffsetAt(connection: KafkaConnection, topic: string, time: Millis): Promise<bigint> {
  return offsetOf(connection, topic, Math.max(0, time));
}

function offsetOf(connection: KafkaConnection, topic: string, timestamp: number): Promise<bigint> {
  const ask = async (broker: ClientBroker): Promise<bigint> => {
    const { responses } = await broker.listOffsets({ isolationLevel: READ_UNCOMMITTED, topics: [{ topic, partitions: [{ partition: PARTITION, timestamp }] }] });
    return BigInt(responses[0]?.partitions[0]?.offset ?? -1);
  };
  return connection.leader(topic, { need: `DESCRIBE on topic ${topic}`, withinMillis: READ_MILLIS }, ask);
}
