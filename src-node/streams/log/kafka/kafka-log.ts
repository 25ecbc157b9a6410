import { millis, type Millis } from '../../../base/clock.ts';
import type { LogBounds, LogRecord, LogSlice, LogTable, ReadLimits, StoredRecord, StreamLog } from '../engine.ts';
import { checkSizes, closed, tooOld } from '../log-errors.ts';
import { FetchedChunks } from './fetched-chunks.ts';
import { KafkaTable, type KafkaTableModules } from './kafka-table.ts';
import { fetchRecords, partitionBounds, partitionOffsetAt, type PartitionRecord } from './partition.ts';
import { PartitionWriter } from './partition-writer.ts';
import { RecordWindow, type WindowRoom } from './record-window.ts';
import type { StreamTopics } from './topics.ts';
import type { Watch } from './watcher.ts';

export interface KafkaLogOptions {
  readonly topics: StreamTopics;
  /** Offset of the topic's record 0: streams that were moved here do not begin at 0. */
  readonly base: bigint;
  readonly room: WindowRoom;
  readonly onClose: () => void;
}

const FETCH_BYTES = { least: 128 * 1024, chunk: 1024 * 1024, most: 8 * 1024 * 1024, around: 64 * 1024 } as const;
const CLOSE_MILLIS = millis(5000);

interface FetchedRecords {
  readonly records: readonly StoredRecord[];
  readonly end: bigint;
}

/** A topic with one partition; its offsets and the stream's differ by `base`. */
export class KafkaLog implements StreamLog {
  readonly #options: KafkaLogOptions;
  readonly #modules: KafkaTableModules;
  readonly #writer: PartitionWriter;
  readonly #window: RecordWindow;
  readonly #chunks: FetchedChunks;
  readonly #listeners = new Set<() => void>();
  readonly #tables: { checkpoints: KafkaTable; keys?: Promise<KafkaTable> };
  readonly #fetching = new Map<bigint, Promise<FetchedRecords | null>>();
  #watch: Watch | undefined;
  #isOpen = true;

  constructor(options: KafkaLogOptions, checkpoints: KafkaTable, modules: KafkaTableModules) {
    this.#options = options;
    this.#modules = modules;
    this.#tables = { checkpoints };
    this.#window = new RecordWindow(options.room);
    this.#chunks = new FetchedChunks(options.room, modules.clock);
    this.#writer = new PartitionWriter(options.topics.data, modules.connection, modules.clock);
  }

  async append(records: readonly LogRecord[]): Promise<readonly bigint[]> {
    this.#needOpen();
    checkSizes(records);
    if (records.length === 0) return [];
    const over = this.#watch?.appending();
    try {
      const first = await this.#writer.append(records);
      const stored = records.map((record, i) => ({ ...record, offset: first + this.#options.base + BigInt(i) }));
      // who reads at the end finds them here, for they are not fetched again
      if (over !== undefined && this.#isOpen) this.#window.add(stored);
      over?.({ first, end: first + BigInt(records.length) });
      this.#tell();
      return stored.map(({ offset }) => offset);
    } catch (error) {
      over?.(null);
      throw error;
    }
  }

  async read(from: bigint, limits: ReadLimits): Promise<LogSlice> {
    this.#needOpen();
    const slice = await this.#read(from, limits);
    const ahead = this.#chunks.missingBehind(slice.next - 1n);
    // who reads on will want it; who does is told of what goes wrong
    if (ahead !== null && this.#window.at(ahead) === undefined) this.#fetch(ahead, limits.maxBytes).catch(() => undefined);
    return slice;
  }

  async #read(from: bigint, { maxRecords, maxBytes }: ReadLimits): Promise<LogSlice> {
    const records: StoredRecord[] = [];
    let bytes = 0;
    let fetched: FetchedRecords | null = null;
    for (let next = from; ; next += 1n) {
      if (records.length >= maxRecords || bytes >= maxBytes) return { records, next };
      let record = this.#window.at(next) ?? recordIn(fetched, next) ?? this.#chunks.at(next);
      if (record === undefined) {
        if (fetched !== null && next >= fetched.end) return { records, next };
        // what is there comes first: the rest is waited for by who reads on
        if (records.length > 0 && this.#fetching.has(next)) return { records, next };
        fetched = await this.#fetch(next, maxBytes);
        if (fetched === null) await this.#needKept(next);
        record = recordIn(fetched, next);
      }
      if (record === undefined || (records.length > 0 && bytes + record.value.length > maxBytes)) return { records, next };
      records.push(record);
      bytes += record.value.length;
    }
  }

  async bounds(): Promise<LogBounds> {
    this.#needOpen();
    const { first, next } = await partitionBounds(this.#modules.connection, this.#options.topics.data);
    return { first: first + this.#options.base, next: next + this.#options.base };
  }

  async offsetAt(time: Millis): Promise<bigint> {
    this.#needOpen();
    const found = await partitionOffsetAt(this.#modules.connection, this.#options.topics.data, time);
    return found < 0n ? (await this.bounds()).next : found + this.#options.base;
  }

  onGrown(listener: () => void): () => void {
    const told = (): void => listener(); // the same one may be given twice
    this.#listeners.add(told);
    this.#watch ??= this.#modules.watcher.watch(this.#options.topics.data, (_end, records) => {
      this.#window.add(records.map((record) => this.#stored(record)));
      this.#tell();
    });
    return () => {
      this.#listeners.delete(told);
      if (this.#listeners.size > 0) return;
      this.#watch?.stop();
      this.#watch = undefined;
    };
  }

  async table(name: 'keys' | 'checkpoints'): Promise<LogTable> {
    this.#needOpen();
    if (name === 'checkpoints') return this.#tables.checkpoints;
    this.#tables.keys ??= KafkaTable.load(this.#options.topics.keys, this.#modules).catch((error: unknown) => {
      delete this.#tables.keys;
      throw error;
    });
    return this.#tables.keys;
  }

  /** What was given before is written still, if the cluster takes it soon. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#listeners.clear();
    this.#watch?.stop();
    this.#window.clear();
    this.#chunks.clear();
    const keys = await this.#tables.keys?.catch(() => undefined);
    await Promise.race([Promise.all([this.#writer.settled(), this.#tables.checkpoints.close(), keys?.close()]), this.#modules.clock.sleep(CLOSE_MILLIS)]);
    this.#options.onClose();
  }

  #needOpen(): void {
    if (!this.#isOpen) throw closed();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #stored({ offset, key, value, timeMillis }: PartitionRecord): StoredRecord {
    return { offset: offset + this.#options.base, key, value, timeMillis };
  }

  /** Readers that stand at the same place share an answer. */
  #fetch(from: bigint, maxBytes: number): Promise<FetchedRecords | null> {
    const running = this.#fetching.get(from);
    if (running !== undefined) return running;
    const least = this.#chunks.hasRoom ? FETCH_BYTES.chunk : FETCH_BYTES.least;
    const fetching = this.#ask(from, Math.min(FETCH_BYTES.most, Math.max(least, maxBytes + FETCH_BYTES.around))).finally(() => this.#fetching.delete(from));
    this.#fetching.set(from, fetching);
    return fetching;
  }

  async #ask(from: bigint, maxBytes: number): Promise<FetchedRecords | null> {
    const { base, topics } = this.#options;
    const found = from < base ? null : await fetchRecords(this.#modules.connection, topics.data, from - base, maxBytes);
    if (found === null) return null;
    const fetched = { records: found.records.map((record) => this.#stored(record)), end: found.end + base };
    if (!this.#isOpen) return fetched;
    if ((fetched.records.at(-1)?.offset ?? -2n) + 1n === fetched.end) this.#window.add(fetched.records);
    else this.#chunks.add(fetched.records);
    return fetched;
  }

  /** @throws LOG_TOO_OLD */
  async #needKept(from: bigint): Promise<void> {
    const { first } = await this.bounds();
    if (from < first) throw tooOld(first);
  }
}

function recordIn(fetched: FetchedRecords | null, offset: bigint): StoredRecord | undefined {
  const first = fetched?.records[0];
  return first === undefined || offset < first.offset ? undefined : fetched?.records[Number(offset - first.offset)];
}
