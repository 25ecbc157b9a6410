/** What one commit of a state adds to a batch: new nodes, code and keys, and the names of the nodes that they replaced. */
import { bytesOfKey } from '../base/byte-key.ts';
import { concat, u64be, type Bytes } from '../base/bytes.ts';
import type { WriteBatch } from '../db/store.ts';
import { encode } from '../primitives/rlp/index.ts';
import type { StateBuckets } from './state-buckets.ts';
import type { StatePruner } from './state-pruner.ts';

export class StateWrite {
  readonly #buckets: StateBuckets;
  readonly #batch: WriteBatch;
  /** Number of the block, 8 bytes. */
  readonly #number: Bytes;
  /** Keys as byte keys: owner and hash. */
  readonly #replaced = new Set<string>();
  readonly #pruner: StatePruner;

  /** @param number of the block whose state it is */
  constructor(buckets: StateBuckets, batch: WriteBatch, number: bigint, pruner: StatePruner) {
    this.#buckets = buckets;
    this.#pruner = pruner;
    this.#batch = batch;
    this.#number = u64be(number);
  }

  /** Names a node that is no part of the state any more. Those of an owner are named before its first node is written. */
  replaced(owner: string, reference: string): void {
    this.#replaced.add(owner + reference);
  }

  /** A node with the number of the block that made it, which saves it when an older block's list names it. */
  node(owner: string, reference: string, encoded: Bytes): void {
    const key = owner + reference;
    this.#replaced.delete(key); // it is back
    this.#pruner.made(key);
    this.#buckets.nodes.put(this.#batch, bytesOfKey(key), concat(this.#number, encoded));
  }

  code(hash: Bytes, code: Bytes): void {
    this.#buckets.codes.put(this.#batch, hash, code);
  }

  /** What is behind the hash that is a key of a trie. */
  preimage(hash: Bytes, key: Bytes): void {
    this.#buckets.preimages.put(this.#batch, hash, key);
  }

  /** Adds the list of what was replaced; nothing is written after it. */
  end(): void {
    if (this.#replaced.size === 0) return;
    this.#buckets.replaced.put(this.#batch, this.#number, encode([...this.#replaced].map(bytesOfKey)));
  }
}
