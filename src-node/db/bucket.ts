/** A named part of a store: every key of it starts with the bucket's one-byte prefix, so buckets never meet. */
import type { Bytes } from '../base/bytes.ts';
import type { KeyValueStore, WriteBatch } from './store.ts';

/** One table of all prefixes, so that two owners cannot take the same. */
export const BUCKET = {
  meta: 0x00,
  trieNodes: 0x01,
  code: 0x02,
  headers: 0x03,
  bodies: 0x04,
  receipts: 0x05,
  canonical: 0x06,
  numbers: 0x07,
  transactions: 0x08,
  stateNodes: 0x09,
  replacedNodes: 0x0a,
  prunedStates: 0x0b,
  preimages: 0x0c,
} as const;

export type BucketName = keyof typeof BUCKET;

export class Bucket {
  readonly #prefix: number;
  readonly #store: KeyValueStore;

  constructor(name: BucketName, store: KeyValueStore) {
    this.#prefix = BUCKET[name];
    this.#store = store;
  }

  get(key: Bytes): Bytes | undefined {
    return this.#store.get(this.#key(key));
  }

  getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    return this.#store.getMany(keys.map((key) => this.#key(key)));
  }

  put(batch: WriteBatch, key: Bytes, value: Bytes): void {
    batch.put(this.#key(key), value);
  }

  delete(batch: WriteBatch, key: Bytes): void {
    batch.delete(this.#key(key));
  }

  #key(key: Bytes): Bytes {
    const full = Buffer.allocUnsafe(key.length + 1);
    full[0] = this.#prefix;
    full.set(key, 1);
    return full;
  }
}
