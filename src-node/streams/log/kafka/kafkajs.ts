/**
 * The client of Kafka, and the parts of it that have no public name: reading a partition by offset without a consumer group, and producing
 * with a producer's number and sequence of our own. The package's version is fixed, so these parts do not move.
 */
import { createRequire } from 'node:module';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { invariant } from '../../../base/errors.ts';

export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly ssl?: boolean | { readonly ca: string };
  readonly sasl?: SASLOptions;
  readonly clientId?: string;
}

export interface ClientRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly messages: readonly ClientRecord[];
}

interface Topic<P> {
  readonly topic: string;
  readonly partitions: readonly P[];
}

interface Answers<P> {
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly P[] }[];
}

export interface TopicSetup {
  readonly topic: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configEntries: readonly { readonly name: string; readonly value: string }[];
}

/** One broker, at the level of requests. Each throws an error with `type` of the protocol, or of the connection. */
export interface ClientBroker {
  readonly nodeId: number;
  /** What each request is spoken in: numbers of requests to versions. */
  readonly versions: Readonly<Record<string, { readonly minVersion: number; readonly maxVersion: number }>>;
  readonly brokerAddress: string;
  fetch(request: { readonly maxWaitTime: number; readonly minBytes: number; readonly maxBytes: number; readonly isolationLevel: number; readonly topics: readonly Topic<{ readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }>[] }): Promise<Answers<FetchedPartition>>;
  listOffsets(request: { readonly isolationLevel: number; readonly topics: readonly Topic<{ readonly partition: number; readonly timestamp: number }>[] }): Promise<Answers<{ readonly offset: string }>>;
  initProducerId(request: { readonly transactionTimeout: number }): Promise<{ readonly producerId: string; readonly producerEpoch: number }>;
  createTopics(request: { readonly topics: readonly TopicSetup[]; readonly timeout: number }): Promise<unknown>;
  deleteTopics(request: { readonly topics: readonly string[]; readonly timeout: number }): Promise<unknown>;
  describeConfigs(request: { readonly resources: readonly { readonly type: number; readonly name: string; readonly configNames: readonly string[] }[] }): Promise<{ readonly resources: readonly { readonly configEntries: readonly { readonly configName: string; readonly configValue: string }[] }[] }>;
  alterConfigs(request: { readonly resources: readonly { readonly type: number; readonly name: string; readonly configEntries: readonly { readonly name: string; readonly value: string }[] }[] }): Promise<unknown>;
}

interface Protocol {
  readonly request: object;
  readonly response: unknown;
}

/** What stands behind the calls of a broker. */
interface BrokerInside {
  /** The newest version of a request that both sides know. */
  lookupRequest(key: number, definition: unknown): (options: object) => Protocol;
}

export interface ClientMetadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly topicMetadata: readonly { readonly topic: string; readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[] }[];
}

export interface ClientCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findBroker(options: { readonly nodeId: number }): Promise<ClientBroker>;
  findControllerBroker(): Promise<ClientBroker>;
  readonly brokerPool: {
    /** Of these topics; of all when none is named. */
    refreshMetadata(topics: readonly string[]): Promise<unknown>;
    readonly metadata: ClientMetadata | null;
  };
}

export const READ_UNCOMMITTED = 0;
const CONNECTION_MILLIS = 2000;
/** A broker that does not answer for so long is looked for anew. */
export const REQUEST_MILLIS = 3000;
/** The program tries again by itself, with the order of appends in mind. */
const NO_RETRY = { retries: 0, initialRetryTime: 50, maxRetryTime: 50 };
const CREATE_CLUSTER = 'private:Kafka:createCluster';
const SEND_REQUEST = 'private:Broker:sendRequest';
const PRODUCE = 0;
const clientParts = createRequire(import.meta.url);

patchTimers();

export function newKafka({ brokers, ssl, sasl, clientId = 'pdash' }: KafkaAccess): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECTION_MILLIS,
    authenticationTimeout: REQUEST_MILLIS,
    requestTimeout: REQUEST_MILLIS,
    retry: NO_RETRY,
    logLevel: logLevel.NOTHING,
    ...(ssl === undefined || ssl === false ? {} : { ssl: ssl === true ? true : { ca: [ssl.ca] } }),
    ...(sasl === undefined ? {} : { sasl }),
  });
}

export function newCluster(access: KafkaAccess): ClientCluster {
  const kafka = newKafka(access);
  return Reflect.apply(hiddenOf(kafka, CREATE_CLUSTER), kafka, [{ allowAutoTopicCreation: false, metadataMaxAge: Number.MAX_SAFE_INTEGER, maxInFlightRequests: null, isolationLevel: READ_UNCOMMITTED }]) as ClientCluster;
}

/** Writes records; `payload` is the request without its head (produce-payload.ts). @returns offset of the first record, as the cluster says it; undefined when it does not */
export async function produce(broker: ClientBroker, payload: Buffer): Promise<string | undefined> {
  const { requests } = clientParts('kafkajs/src/protocol/requests/index.js') as { readonly requests: { readonly Produce: unknown } };
  const { request, response } = (broker as ClientBroker & BrokerInside).lookupRequest(PRODUCE, requests.Produce)({ acks: -1 });
  const encode = (): Promise<object> => Promise.resolve({ buf: payload, buffer: payload });
  const answer: unknown = await Reflect.apply(hiddenOf(Object.getPrototypeOf(broker) as object, SEND_REQUEST), broker, [{ request: { ...request, encode }, response }]);
  return (answer as { readonly topics: readonly { readonly partitions: readonly { readonly baseOffset: string }[] }[] }).topics[0]?.partitions[0]?.baseOffset;
}

function hiddenOf(owner: object, name: string): (...args: readonly unknown[]) => unknown {
  const symbol = Object.getOwnPropertySymbols(owner).find(({ description }) => description === name);
  const hidden: unknown = symbol === undefined ? undefined : Reflect.get(owner, symbol);
  invariant(typeof hidden === 'function', 'The client of Kafka is of another version.');
  return hidden as (...args: readonly unknown[]) => unknown;
}

/** Its queue of requests sets a timer of a negative time after every answer, which Node warns of; one is needed only while something waits. */
function patchTimers(): void {
  const { prototype } = clientParts('kafkajs/src/network/requestQueue/index.js') as { readonly prototype: { scheduleCheckPendingRequests: (this: { readonly pending: readonly unknown[] }) => void } };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
