import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hexOf, utf8, type Bytes } from '../../../base/bytes.ts';
import { millis, type Clock, type Millis } from '../../../base/clock.ts';
import { CodedError, isCoded } from '../../../base/errors.ts';
import { fileError, type FilePort } from '../../../base/files.ts';
import { freeBytes } from '../../../base/free-bytes.ts';
import type { Logger } from '../../../base/logger.ts';
import type { EngineReport, LogEngine, StreamLog } from '../engine.ts';
import { closed } from '../log-errors.ts';
import { AppendEnd, diskFault } from './append-end.ts';
import { BuiltInLog } from './built-in-log.ts';
import { DiskRoom } from './disk-room.ts';

export interface BuiltInEngineOptions {
  readonly folder: string;
  /** All streams together; an append beyond it is refused when nothing is old enough to go. Tables of keys do not count. */
  readonly maxBytes: number;
  /** How long appends are gathered for one fsync; 0 takes what came during the one before. */
  readonly fsyncMillis: Millis;
  /** A file with so many gets no more; a part of the room when left out. */
  readonly segmentBytes?: number;
}

export interface EngineModules {
  readonly files: FilePort;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MIB = 1024 * 1024;
/** A file of records: a part of the room, so that room comes back in parts. */
const SEGMENTS_OF_ROOM = 32;
const SEGMENT_BYTES = { least: 64 * 1024, most: 32 * MIB } as const;
const EXPIRE_MILLIS = millis(60_000);
const MAX_SETTINGS_BYTES = 4096;
const STREAM = /^[0-9a-f]{64}$/;

interface StreamSettings {
  readonly retentionMillis: number;
}

/** Every stream in a folder of its own; one program at a time. */
export class BuiltInEngine implements LogEngine {
  readonly kind = 'built-in';
  readonly #options: BuiltInEngineOptions;
  readonly #modules: EngineModules;
  readonly #room: DiskRoom;
  /** Of every stream on disk, whether it is open or not: old ones go all the same. */
  readonly #logs = new Map<string, Promise<BuiltInLog>>();
  readonly #stopped = new AbortController();
  #lock: DatabaseSync | undefined;
  #loading: Promise<void> | undefined;

  constructor(options: BuiltInEngineOptions, modules: EngineModules) {
    this.#options = options;
    this.#modules = modules;
    this.#room = new DiskRoom(options.maxBytes, () => this.#expire());
  }

  async open(streamId: Bytes, { retentionMillis }: { readonly retentionMillis: Millis }): Promise<StreamLog> {
    await this.#load();
    const name = hexOf(streamId);
    const folder = join(this.#options.folder, name);
    const isNew = !this.#logs.has(name);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const log = isNew ? await this.#loadLog(name, retentionMillis) : await this.#logs.get(name);
      if (log === undefined) throw closed();
      if (isNew || log.retentionMillis !== retentionMillis) await this.#modules.files.writeAtomic(join(folder, 'stream.json'), JSON.stringify({ retentionMillis } satisfies StreamSettings));
      log.reopen(retentionMillis);
      return log;
    } catch (error) {
      throw diskFault(isCoded(error) ? error : fileError(error, folder));
    }
  }

  /** Of all streams, on disk. */
  get usedBytes(): number {
    return this.#room.used;
  }

  /** Of one stream, without tables; 0 when there is none. */
  async bytesOf(streamId: Bytes): Promise<number> {
    return (await this.#logs.get(hexOf(streamId)))?.bytes ?? 0;
  }

  /** @param maxBytes as if it had so much room */
  async test(maxBytes = this.#options.maxBytes): Promise<EngineReport> {
    const { folder } = this.#options;
    const checks: EngineReport['checks'][number][] = [];
    const check = async (name: string, work: () => Promise<string>): Promise<void> => {
      await work().then((detail) => checks.push({ name, ok: true, detail }), (error: unknown) => checks.push({ name, ok: false, detail: error instanceof Error ? error.message : String(error) }));
    };
    await check('folder', async () => {
      await this.#load();
      return folder;
    });
    await check('write', async () => {
      const path = join(folder, 'test');
      const begin = performance.now();
      const end = new AppendEnd(this.#modules.files, path, 0);
      await end.append(utf8('test')).finally(() => end.close());
      await rm(path);
      return `on disk after ${(performance.now() - begin).toFixed(1)} ms`;
    });
    await check('free space', async () => {
      const free = await freeBytes(folder);
      const missing = maxBytes - this.#room.used - free;
      if (missing > 0) throw new CodedError('LOG_FULL', `${Math.round(free / MIB)} MiB are free, and the log may still take ${Math.round((maxBytes - this.#room.used) / MIB)}.`);
      return `${Math.round(free / MIB)} MiB`;
    });
    return { kind: this.kind, ok: checks.every(({ ok }) => ok), checks, brokers: [] };
  }

  async close(): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    await this.#loading?.catch(() => undefined);
    await Promise.all([...this.#logs.values()].map((log) => log.then((loaded) => loaded.close(), () => undefined)));
    this.#lock?.close();
  }

  /** Takes the folder, and finds what is in it. @throws LOG_LOCKED, LOG_CLOSED, LOG_UNREACHABLE */
  #load(): Promise<void> {
    if (this.#stopped.signal.aborted) return Promise.reject(closed());
    this.#loading ??= this.#take().catch((error: unknown) => {
      this.#loading = undefined;
      throw diskFault(isCoded(error) ? error : fileError(error, this.#options.folder));
    });
    return this.#loading;
  }

  async #take(): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    this.#lock = takeLock(join(folder, 'lock'));
    for (const name of (await readdir(folder)).filter((entry) => STREAM.test(entry))) {
      // a damaged one is said when it is opened
      await this.#settings(name).then(({ retentionMillis }) => this.#loadLog(name, millis(retentionMillis))).catch((error: unknown) => this.#modules.logger.error('A log cannot be read', { stream: name }, error));
    }
    void this.#expireNowAndThen();
  }

  #loadLog(name: string, retentionMillis: Millis): Promise<BuiltInLog> {
    const { folder, maxBytes, fsyncMillis } = this.#options;
    const { segmentBytes = Math.min(SEGMENT_BYTES.most, Math.max(SEGMENT_BYTES.least, Math.floor(maxBytes / SEGMENTS_OF_ROOM))) } = this.#options;
    const log = BuiltInLog.load({ folder: join(folder, name), segmentBytes, fsyncMillis, retentionMillis }, { ...this.#modules, room: this.#room });
    this.#logs.set(name, log);
    log.catch(() => this.#logs.delete(name));
    return log;
  }

  /** A stream whose settings were not written yet keeps what it has. */
  async #settings(name: string): Promise<StreamSettings> {
    const path = join(this.#options.folder, name, 'stream.json');
    const content = await this.#modules.files.read(path, MAX_SETTINGS_BYTES).catch((error: unknown) => {
      if (isCoded(error, 'FILE_MISSING')) return null;
      throw error;
    });
    return content === null ? { retentionMillis: Number.MAX_SAFE_INTEGER } : (JSON.parse(Buffer.from(content).toString('utf8')) as StreamSettings);
  }

  async #expireNowAndThen(): Promise<void> {
    const { clock, logger } = this.#modules;
    const { signal } = this.#stopped;
    for (await clock.sleep(EXPIRE_MILLIS, signal); !signal.aborted; await clock.sleep(EXPIRE_MILLIS, signal)) {
      for (const log of this.#logs.values()) await log.then((loaded) => loaded.finishOld()).catch((error: unknown) => logger.warn('An old log could not be finished', { why: String(error) }));
      await this.#expire().catch((error: unknown) => logger.warn('Old records could not be dropped', { why: String(error) }));
    }
  }

  async #expire(): Promise<void> {
    for (const log of this.#logs.values()) await (await log).expire();
  }
}

/** Of the system, so that it ends with the program, however that ends. @throws LOG_LOCKED */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(path);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new CodedError('LOG_LOCKED', 'Another program keeps its streams in this folder.', { help: 'Close the other program, or choose another folder.', meta: { path }, cause: error });
  }
}
