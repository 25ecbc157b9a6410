/**
 * The end of one stream's log, followed once for all its readers: which frame is next, which batches came last, and their bytes in a ring
 * of bounded memory. What stands twice in the log (a publisher tried again at another instance) counts once; another batch for
 * numbers that are taken is a fork, which nobody gets to see (docs/protocol/11 §4.13).
 */
import { compact, equal, toHex, type Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { millis, type Millis } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import { BATCH_HEADER_BYTES, decodeBatch, nextSeq, type DecodedBatch } from '../format/batch.ts';
import type { StoredRecord, StreamLog } from '../log/engine.ts';
import { dataHead } from './binary-frames.ts';
import { BatchRing, type TailEntry } from './batch-ring.ts';
import type { Cursors } from './cursor.ts';
import { KnownBatches, type KnownBatch } from './known-batches.ts';

/** The newest one, with what its publisher signed of it. */
export interface LastBatch extends KnownBatch {
  readonly header: Bytes;
}

export interface TailOptions {
  readonly streamId: Bytes;
  /** Bytes of batches that are kept in memory. */
  readonly ringBytes: number;
}

export interface TailModules {
  readonly log: StreamLog;
  readonly cursors: Cursors;
  /** Number of the log, as of now. */
  readonly logId: () => bigint;
  readonly logger: Logger;
  /** The log holds another batch for numbers that are taken. */
  readonly onFork: (batch: DecodedBatch) => void;
}

/** Records before a place that tell which frame is next there: publishers try again no further back. */
const CONTEXT_RECORDS = 256;
const READ = { maxRecords: 256, maxBytes: 4 * 1024 * 1024 };

export class StreamTail {
  readonly #options: TailOptions;
  readonly #modules: TailModules;
  readonly #waiting = new Set<() => void>();
  readonly #known = new KnownBatches();
  readonly #stopListening: () => void;
  readonly #ring: BatchRing;
  #position: bigint;
  #nextSeq: bigint | null = null;
  #last: LastBatch | null = null;
  #running: Promise<void> = Promise.resolve();
  #coming: Promise<void> | null = null;

  private constructor(options: TailOptions, modules: TailModules, position: bigint) {
    this.#options = options;
    this.#modules = modules;
    this.#position = position;
    this.#ring = new BatchRing({ maxBytes: options.ringBytes, from: position });
    this.#stopListening = modules.log.onGrown(() => {
      this.catchUp().catch((error: unknown) => this.#modules.logger.warn('the end of a log cannot be read', { stream: toHex(options.streamId), code: isCoded(error) ? error.code : 'unknown' }));
    });
  }

  /** @throws LOG_UNREACHABLE */
  static async open(options: TailOptions, modules: TailModules): Promise<StreamTail> {
    const { next } = await modules.log.bounds();
    const tail = new StreamTail(options, modules, next);
    try {
      const context = await tail.#context(next);
      const oldest = context[0]?.record;
      tail.#known.begin(oldest === undefined || oldest.offset === 0n ? millis(0) : oldest.timeMillis);
      for (const batch of context) tail.#remember(batch);
      await tail.catchUp();
    } catch (error) {
      tail.close();
      throw error;
    }
    return tail;
  }

  /** Behind the last record that was looked at. */
  get position(): bigint {
    return this.#position;
  }

  /** From here on the ring has all there is. */
  get ringFrom(): bigint {
    return this.#ring.first;
  }

  /** Of the frame that comes next; null while nothing is in the log. */
  get nextSeq(): bigint | null {
    return this.#nextSeq;
  }

  get last(): LastBatch | null {
    return this.#last;
  }

  get ringBytes(): number {
    return this.#ring.bytes;
  }

  /** The batch in the log that begins with this frame, if it is one of the last. */
  known(firstSeq: bigint): KnownBatch | undefined {
    return this.#known.at(firstSeq);
  }

  /** The batch in the log that holds this frame, if it is one of the last. */
  holding(seq: bigint): KnownBatch | undefined {
    return this.#known.holding(seq);
  }

  /** How many frames came in each of the last intervals, as far as this instance knows. */
  recent(now: Millis): readonly number[] {
    return this.#known.recent(now);
  }

  /** Which frame is next at a place of the log; null when nothing before it tells. @throws LOG_UNREACHABLE */
  async nextSeqAt(offset: bigint): Promise<bigint | null> {
    if (offset === this.#position) return this.#nextSeq ?? (offset === 0n ? 0n : null);
    if (offset === 0n) return 0n;
    return (await this.#context(offset)).reduce<bigint | null>((max, { batch }) => (max === null || nextSeq(batch.fields) > max ? nextSeq(batch.fields) : max), null);
  }

  /** Batches in the ring from a place on, at least one when there is one. @param from not before `ringFrom` */
  fromRing(from: bigint, maxBatches: number, maxBytes: number): readonly TailEntry[] {
    return this.#ring.from(from, maxBatches, maxBytes);
  }

  /** A stored record as readers get it; null when it is no batch of this stream. */
  entryOf(record: StoredRecord): TailEntry | null {
    const batch = this.#decode(record);
    return batch === null ? null : this.#entry(record, batch);
  }

  /** Resolves when there is more behind `offset`, or when the signal aborts. */
  async grown(offset: bigint, signal: AbortSignal): Promise<void> {
    if (this.#position > offset || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  /** Looks at all that is in the log now. @throws LOG_UNREACHABLE, LOG_CLOSED */
  catchUp(): Promise<void> {
    if (this.#coming !== null) return this.#coming;
    const run = this.#running.then(() => {
      this.#coming = null;
      return this.#readAll();
    });
    this.#coming = run;
    this.#running = run.catch(() => undefined); // whoever asked is told
    return run;
  }

  /** Takes up what this instance wrote, unless something stands before it that was not looked at yet. */
  async wrote(records: readonly StoredRecord[], batches: readonly DecodedBatch[]): Promise<void> {
    records.forEach((record, i) => {
      const batch = batches[i];
      if (batch !== undefined && record.offset === this.#position) this.#admit(record, batch);
    });
    this.#wake();
    const last = records.at(-1);
    if (last !== undefined && last.offset >= this.#position) await this.catchUp();
  }

  close(): void {
    this.#stopListening();
    this.#wake();
  }

  async #readAll(): Promise<void> {
    for (;;) {
      const { records, next } = await this.#read(this.#position);
      for (const record of records) {
        if (record.offset < this.#position) continue; // written by this instance in the meantime
        const batch = this.#decode(record);
        if (batch === null) this.#position = record.offset + 1n;
        else this.#admit(record, batch);
      }
      if (next > this.#position) this.#position = next;
      if (records.length === 0) return;
      this.#wake();
    }
  }

  /** From what is kept when the place itself is gone. */
  async #read(from: bigint): ReturnType<StreamLog['read']> {
    const { log } = this.#modules;
    try {
      return await log.read(from, READ);
    } catch (error) {
      if (!isCoded(error, 'LOG_TOO_OLD')) throw error;
      return log.read((await log.bounds()).first, READ);
    }
  }

  async #context(offset: bigint): Promise<readonly { readonly record: StoredRecord; readonly batch: DecodedBatch }[]> {
    const { log } = this.#modules;
    const { first } = await log.bounds();
    const wanted = offset - BigInt(CONTEXT_RECORDS);
    const found: { record: StoredRecord; batch: DecodedBatch }[] = [];
    for (let at = wanted > first ? wanted : first; at < offset; ) {
      const { records, next } = await this.#read(at);
      if (records.length === 0) break;
      for (const record of records) {
        const batch = record.offset < offset ? this.#decode(record) : null;
        if (batch !== null) found.push({ record, batch });
      }
      at = next;
    }
    return found;
  }

  #decode(record: StoredRecord): DecodedBatch | null {
    try {
      const batch = decodeBatch(record.value);
      if (equal(batch.fields.streamId, this.#options.streamId)) return batch;
    } catch (error) {
      if (!isCoded(error, 'BAD_BATCH')) throw error;
    }
    this.#modules.logger.warn('the log of a stream holds something that is no batch of it', { stream: toHex(this.#options.streamId), offset: record.offset });
    return null;
  }

  #admit(record: StoredRecord, batch: DecodedBatch): void {
    this.#position = record.offset + 1n;
    if (!this.#remember({ record, batch })) return;
    this.#ring.push(this.#entry({ ...record, value: compact(record.value) }, batch));
  }

  /** @returns whether its frames are new */
  #remember({ record, batch }: { readonly record: StoredRecord; readonly batch: DecodedBatch }): boolean {
    const { fields, hash } = batch;
    if (this.#nextSeq !== null && fields.firstSeq < this.#nextSeq) {
      const known = this.#known.at(fields.firstSeq);
      if (known !== undefined && !equal(known.hash, hash)) this.#modules.onFork(batch);
      return false;
    }
    const known: KnownBatch = { offset: record.offset, hash, endSeq: nextSeq(fields), generation: fields.generation, epoch: fields.epoch, timeMillis: record.timeMillis };
    this.#known.add(fields.firstSeq, known);
    this.#nextSeq = known.endSeq;
    this.#last = { ...known, header: Uint8Array.from(record.value.subarray(0, BATCH_HEADER_BYTES)) };
    return true;
  }

  #entry(record: StoredRecord, { fields }: DecodedBatch): TailEntry {
    const { streamId } = this.#options;
    const endSeq = nextSeq(fields);
    const cursor = this.#modules.cursors.bytes(streamId, { logId: this.#modules.logId(), offset: record.offset + 1n, nextSeq: endSeq });
    return { offset: record.offset, firstSeq: fields.firstSeq, endSeq, generation: fields.generation, epoch: fields.epoch, timeMillis: record.timeMillis, head: dataHead(record.offset, cursor), batch: record.value };
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
