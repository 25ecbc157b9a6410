/**
 * Gathers many batches in memory and writes them as one. What was put is read back at once; on disk the gathered batches
 * appear together or not at all, so a head pointer and the state it names stay in step however many blocks lie between.
 */
import type { Bytes } from '../base/bytes.ts';
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import type { KeyValueStore, WriteBatch } from './store.ts';

/** null marks a deleted key. */
type Layer = Map<string, Bytes | null>;

export class BufferedStore implements KeyValueStore {
  readonly #store: KeyValueStore;
  #gathered: Layer = new Map();
  #gatheredBytes = 0;
  /** Being written by a flush that has not ended. */
  #flushing: Layer = new Map();
  #flushEnd: Promise<void> = Promise.resolve();

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** Bytes of keys and values gathered since the last flush began. */
  get gatheredBytes(): number {
    return this.#gatheredBytes;
  }

  get(key: Bytes): Bytes | undefined {
    const name = byteKey(key);
    let value = this.#gathered.get(name);
    if (value === undefined) value = this.#flushing.get(name);
    return value === undefined ? this.#store.get(key) : value ?? undefined;
  }

  batch(): WriteBatch {
    const changes: Layer = new Map();
    let bytes = 0;
    return {
      put: (key, value) => {
        changes.set(byteKey(key), value);
        bytes += key.length + value.length;
      },
      delete: (key) => void changes.set(byteKey(key), null),
      write: () => {
        for (const [name, value] of changes) this.#gathered.set(name, value);
        this.#gatheredBytes += bytes;
        return Promise.resolve();
      },
    };
  }

  /**
   * Starts to write what was gathered, after the flush before it. Resolves when it is on disk; reading and gathering go on
   * meanwhile. After a rejection what was gathered is forgotten: reading gives what the store below has. @throws CodedError<StoreErrorCode>
   */
  async flush(): Promise<void> {
    const before = this.#flushEnd;
    const next = before.then(() => this.#writeGathered());
    this.#flushEnd = next.catch(() => undefined);
    await next;
  }

  async #writeGathered(): Promise<void> {
    if (this.#gathered.size === 0) return;
    this.#flushing = this.#gathered;
    this.#gathered = new Map();
    this.#gatheredBytes = 0;
    const batch = this.#store.batch();
    for (const [name, value] of this.#flushing) {
      if (value === null) batch.delete(bytesOfKey(name));
      else batch.put(bytesOfKey(name), value);
    }
    try {
      await batch.write();
    } catch (error) {
      // What was gathered meanwhile builds on what is not on disk.
      this.#gathered = new Map();
      this.#gatheredBytes = 0;
      throw error;
    } finally {
      this.#flushing = new Map();
    }
  }

  /** Flushes; the store below stays open. */
  async close(): Promise<void> {
    await this.flush();
  }
}
