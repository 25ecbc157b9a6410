/** A store in memory, for runs that leave nothing behind. Batches are atomic here as on disk. */
import type { Bytes } from '../base/bytes.ts';
import { byteKey } from '../base/byte-key.ts';
import type { KeyValueStore, WriteBatch } from './store.ts';

export class MemoryStore implements KeyValueStore {
  readonly #entries = new Map<string, Bytes>();

  get(key: Bytes): Bytes | undefined {
    return this.#entries.get(byteKey(key));
  }

  getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.get(key)));
  }

  batch(): WriteBatch {
    const changes = new Map<string, Bytes | null>();
    return {
      put: (key, value) => void changes.set(byteKey(key), value),
      delete: (key) => void changes.set(byteKey(key), null),
      write: () => {
        for (const [key, value] of changes) {
          if (value === null) this.#entries.delete(key);
          else this.#entries.set(key, value);
        }
        return Promise.resolve();
      },
    };
  }

  close(): Promise<void> {
    this.#entries.clear();
    return Promise.resolve();
  }
}
