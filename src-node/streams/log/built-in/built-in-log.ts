import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Millis } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import { fileError, type FilePort } from '../../../base/files.ts';
import type { Logger } from '../../../base/logger.ts';
import type { LogBounds, LogRecord, LogSlice, LogTable, ReadLimits, StoredRecord, StreamLog } from '../engine.ts';
import { GroupCommit } from '../group-commit.ts';
import { checkSizes, closed, tooOld } from '../log-errors.ts';
import { AppendEnd, diskFault } from './append-end.ts';
import type { DiskRoom } from './disk-room.ts';
import { JournalTable } from './journal-table.ts';
import { keepTail } from './keep-tail.ts';
import { encodeRecords, RECORD_OVERHEAD } from './record-codec.ts';
import { Segment } from './segment.ts';

export interface BuiltInLogOptions {
  readonly folder: string;
  /** A file that has so many gets no more. */
  readonly segmentBytes: number;
  /** How long appends are gathered for one fsync; 0 takes what came during the one before. */
  readonly fsyncMillis: Millis;
  readonly retentionMillis: Millis;
}

export interface BuiltInLogModules {
  readonly files: FilePort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly room: DiskRoom;
}

const GROUP_BYTES = 4 * 1024 * 1024;
const MAX_SEGMENT_BYTES = 1024 * 1024 * 1024;
/** The newest file is closed when its records are so old a part of the time that they are kept, so that it can go. */
const SEGMENT_AGE = 8;

/** Files of records, each named by its first offset. All but the newest are never changed again, and go as a whole. */
export class BuiltInLog implements StreamLog {
  readonly #options: BuiltInLogOptions;
  readonly #modules: BuiltInLogModules;
  readonly #group: GroupCommit<readonly LogRecord[], readonly bigint[]>;
  readonly #listeners = new Set<() => void>();
  readonly #tables = new Map<string, Promise<JournalTable>>();
  #segments: Segment[] = [];
  #end: AppendEnd;
  #retentionMillis: Millis;
  #firstTime: number | undefined;
  #expiring: Promise<void> | undefined;
  #isOpen = true;

  private constructor(options: BuiltInLogOptions, modules: BuiltInLogModules, segments: Segment[], newest: Segment) {
    this.#options = options;
    this.#modules = modules;
    this.#segments = segments;
    this.#retentionMillis = options.retentionMillis;
    this.#end = new AppendEnd(modules.files, newest.path, newest.bytes);
    this.#group = new GroupCommit<readonly LogRecord[], readonly bigint[]>({ write: (calls) => this.#write(calls), bytesOf: bytesOfAll, maxBytes: GROUP_BYTES, waitMillis: options.fsyncMillis, clock: modules.clock });
  }

  /** Cuts off a write that was broken off; all that was acknowledged is there. @throws LOG_DAMAGED, LOG_UNREACHABLE */
  static async load(options: BuiltInLogOptions, modules: BuiltInLogModules): Promise<BuiltInLog> {
    const { folder } = options;
    const bases = (await readdir(folder)).flatMap((name) => (/^\d{20}\.log$/.test(name) ? [BigInt(name.slice(0, 20))] : [])).sort((a, b) => (a < b ? -1 : 1));
    const segments = (bases.length === 0 ? [0n] : bases).map((base) => new Segment(folder, base));
    for (const [i, segment] of segments.entries()) {
      const next = segments[i + 1];
      if (next === undefined) await loadNewest(segment, modules);
      else await loadFinished(segment, next, modules);
    }
    for (const { bytes } of segments) modules.room.changed(bytes); // not of one that is damaged, which is loaded again whenever it is asked for
    return new BuiltInLog(options, modules, segments, newestOf(segments));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Of its records on disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get retentionMillis(): Millis {
    return this.#retentionMillis;
  }

  reopen(retentionMillis: Millis): void {
    this.#isOpen = true;
    this.#retentionMillis = retentionMillis;
  }

  async append(records: readonly LogRecord[]): Promise<readonly bigint[]> {
    this.#needOpen();
    checkSizes(records);
    return records.length === 0 ? [] : this.#group.add(records);
  }

  async read(from: bigint, limits: ReadLimits): Promise<LogSlice> {
    this.#needOpen();
    const records: StoredRecord[] = [];
    let bytes = 0;
    for (let next = from; ; ) {
      const { first, next: end } = this.#bounds();
      if (from < first) throw tooOld(first);
      const isEnough = records.length >= limits.maxRecords || bytes >= limits.maxBytes;
      const segment = this.#segments.findLast(({ base }) => base <= next);
      if (next >= end || segment === undefined || isEnough) return { records, next };
      const found = await segment.read(next, { maxRecords: limits.maxRecords - records.length, maxBytes: limits.maxBytes - bytes }).catch((error: unknown) => {
        if (this.#segments.includes(segment)) throw error instanceof CodedError ? error : diskFault(error);
        return []; // it was too old, and went meanwhile
      });
      const fitting = records.length > 0 && bytes + (found[0]?.value.length ?? 0) > limits.maxBytes ? [] : found;
      if (fitting.length === 0 && this.#segments.includes(segment)) return { records, next };
      records.push(...fitting);
      for (const { value } of fitting) bytes += value.length;
      next = (records.at(-1)?.offset ?? next - 1n) + 1n;
    }
  }

  bounds(): Promise<LogBounds> {
    return this.#isOpen ? Promise.resolve(this.#bounds()) : Promise.reject(closed());
  }

  async offsetAt(time: Millis): Promise<bigint> {
    this.#needOpen();
    const segment = this.#segments.find(({ maxTime, bytes }) => bytes > 0 && maxTime >= time);
    return (await segment?.offsetAt(time)) ?? this.#bounds().next;
  }

  onGrown(listener: () => void): () => void {
    const told = (): void => listener(); // the same one may be given twice
    this.#listeners.add(told);
    return () => void this.#listeners.delete(told);
  }

  table(name: 'keys' | 'checkpoints'): Promise<LogTable> {
    if (!this.#isOpen) return Promise.reject(closed());
    const table = this.#tables.get(name) ?? JournalTable.load(join(this.#options.folder, `${name}.table`), this.#modules);
    this.#tables.set(name, table);
    table.catch(() => this.#tables.delete(name));
    return table;
  }

  /** Drops the finished files whose records are all too old. */
  expire(): Promise<void> {
    this.#expiring ??= this.#dropOldest().finally(() => (this.#expiring = undefined));
    return this.#expiring;
  }

  /** Lets the newest file go too, when nothing comes any more. */
  async finishOld(): Promise<void> {
    if (this.#isOpen && this.#isTooOld(newestOf(this.#segments))) await this.#group.add([]);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#listeners.clear();
    await this.#group.settled();
    await this.#end.close();
    for (const table of this.#tables.values()) await (await table).close();
    this.#tables.clear();
  }

  #needOpen(): void {
    if (!this.#isOpen) throw closed();
  }

  #bounds(): LogBounds {
    return { first: this.#segments[0]?.base ?? 0n, next: newestOf(this.#segments).next };
  }

  async #write(calls: readonly (readonly LogRecord[])[]): Promise<readonly (readonly bigint[])[]> {
    const records = calls.flat();
    const last = newestOf(this.#segments);
    if (this.#isFull(last) || this.#isTooOld(last)) await this.#roll();
    if (records.length === 0) return calls.map(() => []);
    const content = encodeRecords(records, newestOf(this.#segments).next);
    await this.#modules.room.need(content.length);
    const newest = newestOf(this.#segments);
    let offset = newest.next;
    await this.#end.append(content);
    this.#firstTime ??= this.#modules.clock.now();
    for (const { key, value, timeMillis } of records) newest.add(timeMillis, RECORD_OVERHEAD + key.length + value.length);
    this.#modules.room.changed(content.length);
    for (const listener of this.#listeners) listener();
    return calls.map((call) => call.map(() => offset++));
  }

  #isFull({ bytes }: Segment): boolean {
    const isOld = this.#firstTime !== undefined && this.#modules.clock.now() - this.#firstTime > this.#retentionMillis / SEGMENT_AGE;
    return bytes > 0 && (bytes >= this.#options.segmentBytes || isOld);
  }

  #isTooOld({ bytes, maxTime }: Segment): boolean {
    return bytes > 0 && maxTime < this.#modules.clock.now() - this.#retentionMillis;
  }

  async #dropOldest(): Promise<void> {
    for (let oldest = this.#segments[0]; oldest !== undefined && this.#segments.length > 1 && this.#isTooOld(oldest); oldest = this.#segments[0]) {
      this.#segments.shift();
      this.#modules.room.changed(-oldest.bytes);
      try {
        await rm(oldest.indexPath, { force: true });
        await rm(oldest.path, { force: true });
      } catch (error) {
        throw diskFault(fileError(error, oldest.path));
      }
    }
  }

  /** Goes on in a new file. */
  async #roll(): Promise<void> {
    const { files, logger } = this.#modules;
    const last = newestOf(this.#segments);
    const segment = new Segment(this.#options.folder, last.next);
    const file = await files.openAppend(segment.path, 0).catch((error: unknown) => {
      throw diskFault(error);
    });
    await file.close();
    await this.#end.close();
    this.#end = new AppendEnd(files, segment.path, 0);
    this.#segments.push(segment);
    this.#firstTime = undefined;
    await last.writeIndex(files).catch((error: unknown) => logger.warn('The index of a log was not written; it is made again at the next start', { path: last.indexPath, why: String(error) }));
  }
}

async function loadNewest(segment: Segment, modules: BuiltInLogModules): Promise<void> {
  const { files } = modules;
  if (!(await files.exists(segment.path))) return;
  const content = Buffer.from(await files.read(segment.path, MAX_SEGMENT_BYTES).catch((error: unknown) => {
    throw diskFault(error);
  }));
  await keepTail(segment.path, content, segment.scan(content), modules);
}

async function loadFinished(segment: Segment, next: Segment, { files }: BuiltInLogModules): Promise<void> {
  const { size } = await stat(segment.path);
  if (!(await segment.readIndex(files, size))) segment.scan(Buffer.from(await files.read(segment.path, MAX_SEGMENT_BYTES)));
  if (segment.next === next.base) return;
  throw new CodedError('LOG_DAMAGED', 'A file of this log is damaged.', { help: 'Bring it back from a copy, or move the folder of this stream away.', meta: { path: segment.path, next: segment.next.toString(), wanted: next.base.toString() } });
}

function newestOf(segments: readonly Segment[]): Segment {
  const newest = segments.at(-1);
  if (newest === undefined) throw new CodedError('LOG_DAMAGED', 'This log has no files.');
  return newest;
}

function bytesOfAll(records: readonly LogRecord[]): number {
  return records.reduce((sum, { key, value }) => sum + RECORD_OVERHEAD + key.length + value.length, 0);
}
