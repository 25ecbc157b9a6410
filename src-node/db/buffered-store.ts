/**
 * Gathers many batches in memory and writes them as one. What was put is read back at once; on disk the gathered batches
 * appear together or not at all, so a head pointer and the state it names stay in step however many blocks lie between.
 */
import type { Bytes } from '../base/bytes.ts';
import { byteKey } from '../base/byte-key.ts';
import type { KeyValueStore, WriteBatch } from './store.ts';

interface Change {
  readonly key: Bytes;
  /** Null deletes it. */
  readonly value: Bytes | null;
}

/** By the byte keys of their keys. */
type Layer = Map<string, Change>;

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
    const change = this.#change(key);
    return change === undefined ? this.#store.get(key) : change.value ?? undefined;
  }

  async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    const changes = keys.map((key) => this.#change(key));
    const below = (await this.#store.getMany(keys.filter((_, i) => changes[i] === undefined))).values();
    return changes.map((change) => (change === undefined ? below.next().value : change.value ?? undefined));
  }

  batch(): WriteBatch {
    const changes: Change[] = [];
    let bytes = 0;
    return {
      put: (key, value) => {
        changes.push({ key, value });
        bytes += key.length + value.length;
      },
      delete: (key) => void changes.push({ key, value: null }),
      write: () => {
        for (const change of changes) this.#gathered.set(byteKey(change.key), change);
        this.#gatheredBytes += bytes;
        return Promise.resolve();
      },
    };
  }

  /** What was put or deleted and is not in the store below yet. */
  #change(key: Bytes): Change | undefined {
    const name = byteKey(key);
    return this.#gathered.get(name) ?? this.#flushing.get(name);
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
    for (const { key, value } of this.#flushing.values()) {
      if (value === null) batch.delete(key);
      else batch.put(key, value);
    }
    try {
      await batch.write();
    } catch (error) {
      this.forget();
      throw error;
    } finally {
      this.#flushing = new Map();
    }
  }

  /** Forgets what was gathered after a flush that failed, since it builds on what is not on disk. */
  forget(): void {
    this.#gathered = new Map();
    this.#gatheredBytes = 0;
  }

  /** Flushes; the store below stays open. */
  async close(): Promise<void> {
    await this.flush();
  }
}
