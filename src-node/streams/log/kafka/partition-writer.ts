import { millis, type Clock } from '../../../base/clock.ts';
import type { LogRecord } from '../engine.ts';
import { GroupCommit } from '../group-commit.ts';
import { unreachable } from '../log-errors.ts';
import type { KafkaConnection } from './connection.ts';
import { isOfProducer } from './kafka-errors.ts';
import { REQUEST_MILLIS, produce, type ClientBroker } from './kafkajs.ts';
import { PARTITION } from './partition.ts';
import { producePayload } from './produce-payload.ts';

const APPEND_MILLIS = millis(30_000);
/** Beside MAX_CALL_BYTES below what a topic takes at once (topics.ts). */
const GROUP_BYTES = 1024 * 1024;
/** So much waits for a cluster that does not answer; what comes then is refused at once. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const MAX_SEQUENCE = 2 ** 31 - 1;
const RECORD_OVERHEAD = 40;

interface Producer {
  readonly id: bigint;
  readonly epoch: number;
  /** Of its next record: the cluster refuses one that came already, and one that would overtake another. */
  sequence: number;
}

/**
 * Writes to a partition, one group at a time, so that a group which is sent again never comes behind a later one; its sequence lets the
 * cluster know it again. A group whose end is not known after all tries is refused, and the next one begins with a new producer's number.
 */
export class PartitionWriter {
  readonly #topic: string;
  readonly #connection: KafkaConnection;
  readonly #group: GroupCommit<readonly LogRecord[], bigint>;
  #producer: Producer | undefined;

  constructor(topic: string, connection: KafkaConnection, clock: Clock) {
    this.#topic = topic;
    this.#connection = connection;
    this.#group = new GroupCommit<readonly LogRecord[], bigint>({ write: (calls) => this.#write(calls), bytesOf: bytesOfCall, maxBytes: GROUP_BYTES, clock });
  }

  /** On every in-sync replica when it returns. @returns offset of the first; the others follow */
  async append(records: readonly LogRecord[]): Promise<bigint> {
    if (this.#group.waitingBytes + bytesOfCall(records) > MAX_WAITING_BYTES) {
      throw unreachable('The Kafka cluster takes less than what comes in.', 'Check the brokers; send again later.', undefined, { waitingBytes: this.#group.waitingBytes });
    }
    return this.#group.add(records);
  }

  settled(): Promise<void> {
    return this.#group.settled();
  }

  async #write(calls: readonly (readonly LogRecord[])[]): Promise<readonly bigint[]> {
    const records = calls.flat();
    try {
      let offset = await this.#connection.leader(this.#topic, { need: `WRITE on topic ${this.#topic}`, withinMillis: APPEND_MILLIS }, (broker) => this.#produce(broker, records));
      return calls.map(({ length }) => {
        const first = offset;
        offset += BigInt(length);
        return first;
      });
    } catch (error) {
      this.#producer = undefined;
      throw error;
    }
  }

  async #produce(broker: ClientBroker, records: readonly LogRecord[]): Promise<bigint> {
    if (this.#producer !== undefined && this.#producer.sequence + records.length > MAX_SEQUENCE) this.#producer = undefined;
    this.#producer ??= await newProducer(broker);
    const { id, epoch, sequence } = this.#producer;
    const payload = producePayload({ topic: this.#topic, partition: PARTITION, acks: -1, timeout: REQUEST_MILLIS, producerId: id, producerEpoch: epoch, firstSequence: sequence, records });
    try {
      const offset = BigInt((await produce(broker, payload)) ?? -1);
      // it is there, but so long ago that the cluster does not say where
      if (offset < 0n) throw Object.assign(new Error('no offset'), { type: 'DUPLICATE_SEQUENCE_NUMBER' });
      this.#producer.sequence += records.length;
      return offset;
    } catch (error) {
      if (isOfProducer(error)) this.#producer = undefined;
      throw error;
    }
  }
}

async function newProducer(broker: ClientBroker): Promise<Producer> {
  const { producerId, producerEpoch } = await broker.initProducerId({ transactionTimeout: REQUEST_MILLIS });
  return { id: BigInt(producerId), epoch: producerEpoch, sequence: 0 };
}

function bytesOfCall(records: readonly LogRecord[]): number {
  return records.reduce((sum, { key, value }) => sum + RECORD_OVERHEAD + key.length + value.length, 0);
}
