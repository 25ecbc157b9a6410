/** LevelDB on disk. Every batch is synced: after a crash or a power cut the store opens at the last whole batch. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import type { Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { DatabaseUpkeep, KeyValueStore, StoreErrorCode, WriteBatch } from './store.ts';

export interface LevelStoreOptions {
  /** Folder of the database; created when absent. */
  readonly path: string;
  /** Bytes of blocks kept decompressed in memory. Default 8 MiB. */
  readonly cacheBytes?: number;
}

type Level = ClassicLevel<Bytes, Bytes>;
type Operation = { type: 'put'; key: Bytes; value: Bytes } | { type: 'del'; key: Bytes };

const MIB = 1024 * 1024;
/** Operations handed over without a turn of the event loop between them: a few milliseconds. */
const SLICE = 1000;
/** Threads that read many values together, when there are at least so many for each. */
const READERS = 4;
const LEAST_READ = 32;
/** Behind all keys. */
const LAST_KEY = new Uint8Array(64).fill(0xff);

export class LevelStore implements KeyValueStore, DatabaseUpkeep {
  readonly #level: Level;
  readonly #path: string;
  /** A write failed, so the end of the log may be torn. */
  #torn = false;

  private constructor(level: Level, path: string) {
    this.#level = level;
    this.#path = path;
  }

  /** @throws CodedError<StoreErrorCode> DATABASE_LOCKED when another process has it open, DATABASE_DAMAGED */
  static async open(options: LevelStoreOptions): Promise<LevelStore> {
    await requireCurrent(options.path);
    const level: Level = new ClassicLevel(options.path, {
      keyEncoding: 'view',
      valueEncoding: 'view',
      cacheSize: options.cacheBytes ?? 8 * MIB,
      writeBufferSize: 8 * MIB,
    });
    try {
      await level.open();
    } catch (error) {
      throw storeError(error, options.path);
    }
    return new LevelStore(level, options.path);
  }

  get(key: Bytes): Bytes | undefined {
    try {
      return this.#level.getSync(key);
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    try {
      const size = Math.max(LEAST_READ, Math.ceil(keys.length / READERS));
      const parts = Array.from({ length: Math.ceil(keys.length / size) }, (_, i) => this.#level.getMany(keys.slice(i * size, (i + 1) * size)));
      return (await Promise.all(parts)).flat();
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  batch(): WriteBatch {
    const operations: Operation[] = [];
    return {
      put: (key, value) => void operations.push({ type: 'put', key, value }),
      delete: (key) => void operations.push({ type: 'del', key }),
      write: async () => {
        try {
          if (this.#torn) await this.#reopen();
          await this.#write(operations);
        } catch (error) {
          this.#torn = true;
          throw storeError(error, this.#path);
        }
      },
    };
  }

  property(name: string): string | undefined {
    try {
      const value = this.#level.getProperty(name);
      return value === '' ? undefined : value;
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  /** Bucket by bucket, so that closing waits for one of them only. */
  async compact(): Promise<void> {
    try {
      for (let first = 0; first <= 0xff; first++) await this.#level.compactRange(Uint8Array.of(first), first === 0xff ? LAST_KEY : Uint8Array.of(first + 1));
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  /** Makes a database that does not open one that does, out of all that can be read; parts of it may be old or missing then. @throws CodedError<StoreErrorCode> */
  static async salvage(path: string): Promise<void> {
    try {
      await ClassicLevel.repair(path);
    } catch (error) {
      throw storeError(error, path);
    }
  }

  /** One batch however long it is; the native side takes it piece by piece, so that a large one holds nobody up. */
  async #write(operations: readonly Operation[]): Promise<void> {
    const batch = this.#level.batch();
    for (const [index, operation] of operations.entries()) {
      if (operation.type === 'put') batch.put(operation.key, operation.value);
      else batch.del(operation.key);
      if (index % SLICE === SLICE - 1) await setImmediate();
    }
    await batch.write({ sync: true });
  }

  /**
   * Opens at the last whole batch again: what is written behind a torn one would be lost at the next start. While the disk takes
   * nothing the store stays open for reading instead.
   */
  async #reopen(): Promise<void> {
    const probe = join(this.#path, 'probe.tmp');
    try {
      await writeFile(probe, new Uint8Array(MIB));
    } finally {
      await rm(probe, { force: true });
    }
    await this.#level.close();
    await this.#level.open();
    this.#torn = false;
  }
}

/**
 * Without its file CURRENT LevelDB begins an empty database and removes what stands in the folder. Where it was killed while it
 * began one there is no data yet.
 */
async function requireCurrent(path: string): Promise<void> {
  const files: readonly string[] = await readdir(path).catch(() => []);
  if (files.includes('CURRENT') || !files.some((file) => /\.(?:ldb|log)$/.test(file))) return;
  throw codedFor('LEVEL_CORRUPTION', path, new TypeError('The file CURRENT is missing.'));
}

const CODES: Readonly<Record<string, readonly [StoreErrorCode, string, string]>> = {
  LEVEL_LOCKED: ['DATABASE_LOCKED', 'The data folder is in use by another program.', 'Close the other window or node that uses this folder, then try again.'],
  LEVEL_CORRUPTION: ['DATABASE_DAMAGED', 'The database on disk is damaged.', 'Check the disk; then run `cpchain chain repair`, or move the folder away and import or sync again.'],
};

/** A failure of LevelDB as a coded error; an open failure carries the reason as its cause. */
function storeError(error: unknown, path: string): CodedError<StoreErrorCode> {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const level = reason !== null && typeof reason === 'object' && 'code' in reason ? String(reason.code) : 'unknown';
  return codedFor(level, path, error);
}

/** @param level LevelDB's own name of the failure */
function codedFor(level: string, path: string, cause: unknown): CodedError<StoreErrorCode> {
  const [code, message, help] = CODES[level] ?? ['DATABASE_ERROR', 'The database could not be read or written.', 'Check that the disk has space and may be written to, then start again.'];
  return new CodedError(code, message, { help, meta: { path, level }, cause });
}
