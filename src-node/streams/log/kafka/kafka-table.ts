import { utf8, type Bytes } from '../../../base/bytes.ts';
import { millis, type Clock } from '../../../base/clock.ts';
import type { LogTable } from '../engine.ts';
import { closed, MAX_TABLE_BYTES, tooLarge } from '../log-errors.ts';
import type { KafkaConnection } from './connection.ts';
import { fetchRecords, partitionBounds, type PartitionRecord } from './partition.ts';
import { PartitionWriter } from './partition-writer.ts';
import type { Watch, Watcher } from './watcher.ts';

const FETCH_BYTES = 4 * 1024 * 1024;
const PAUSE_MILLIS = millis(50);
/** What the engine itself keeps there (kafka-engine.ts). */
export const STREAM_KEY = '!stream';
const decoder = new TextDecoder();

export interface KafkaTableModules {
  readonly connection: KafkaConnection;
  readonly watcher: Watcher;
  readonly clock: Clock;
}

/** A compacted topic, all of whose newest values are in memory; what other instances put comes soon after. */
export class KafkaTable implements LogTable {
  readonly #topic: string;
  readonly #modules: KafkaTableModules;
  readonly #writer: PartitionWriter;
  readonly #values = new Map<string, Bytes>();
  readonly #watch: Watch;
  /** Offset up to which values are here. */
  #next = 0n;
  #revision = 0;
  #reading: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(topic: string, modules: KafkaTableModules) {
    this.#topic = topic;
    this.#modules = modules;
    this.#writer = new PartitionWriter(topic, modules.connection, modules.clock);
    this.#watch = modules.watcher.watch(topic, (end) => void this.#readTo(end).catch(() => undefined)); // the next look reads on
  }

  static async load(topic: string, modules: KafkaTableModules): Promise<KafkaTable> {
    const table = new KafkaTable(topic, modules);
    try {
      await table.#readTo((await partitionBounds(modules.connection, topic)).next);
      return table;
    } catch (error) {
      await table.close();
      throw error;
    }
  }

  async put(key: string, value: Bytes): Promise<void> {
    if (this.#isClosed) throw closed();
    const bytes = Math.max(utf8(key).length, value.length);
    if (bytes > MAX_TABLE_BYTES - 1) throw tooLarge(bytes, MAX_TABLE_BYTES - 1);
    const offset = await this.#writer.append([{ key: utf8(key), value, timeMillis: this.#modules.clock.now() }]);
    // in the order of the topic, for another instance may have put the same key
    await this.#readTo(offset + 1n);
  }

  get revision(): number {
    return this.#revision;
  }

  get(key: string): Bytes | undefined {
    return this.#values.get(key);
  }

  entries(prefix: string): readonly (readonly [string, Bytes])[] {
    return [...this.#values].filter(([key]) => key !== STREAM_KEY && key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch.stop();
    await this.#writer.settled();
  }

  #readTo(end: bigint): Promise<void> {
    const reading = this.#reading.then(() => this.#read(end));
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #read(end: bigint): Promise<void> {
    while (this.#next < end) {
      const found = await fetchRecords(this.#modules.connection, this.#topic, this.#next, FETCH_BYTES);
      if (found !== null && found.records.length > 0) this.#take(found.records);
      // of what was compacted only numbers may be left
      else if (found !== null && found.end > this.#next) this.#next += 1n;
      else await this.#waitFor();
    }
  }

  /** The beginning of the topic may be gone, or its new leader does not say yet that it has the end. */
  async #waitFor(): Promise<void> {
    const { first } = await partitionBounds(this.#modules.connection, this.#topic);
    if (first > this.#next) this.#next = first;
    else await this.#modules.clock.sleep(PAUSE_MILLIS);
  }

  #take(records: readonly PartitionRecord[]): void {
    for (const { key, value } of records) {
      const name = decoder.decode(key);
      if (value.length === 0) this.#values.delete(name);
      else this.#values.set(name, Uint8Array.from(value)); // a copy: the value would hold the whole answer of the broker
    }
    this.#revision++;
    this.#next = (records.at(-1)?.offset ?? this.#next) + 1n;
  }
}
