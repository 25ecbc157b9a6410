/**
 * Removes the states of old blocks. Blocks are final, so one state follows the other, and what a block replaced is of no use once
 * the blocks before it are too old to be asked for. A node stands at one place of one trie, since keys are hashes and storage
 * nodes carry their owner: it needs no count of references. What a block replaced and a later one made again carries the later
 * one's number and stays.
 */
import { u64be, type Bytes } from '../base/bytes.ts';
import type { WriteBatch } from '../db/store.ts';
import { bytesIn, decode, listIn } from '../primitives/rlp/index.ts';
import type { StateBuckets } from './state-buckets.ts';

const POSITION = new Uint8Array();

export class StatePruner {
  readonly #buckets: StateBuckets;
  /** The last block whose list is worked off. */
  #done: bigint;
  /** What is left of the list of the block after it. */
  #waiting: Bytes[] = [];

  constructor(buckets: StateBuckets) {
    this.#buckets = buckets;
    const position = buckets.pruned.get(POSITION);
    this.#done = position === undefined ? 0n : numberIn(position);
  }

  /**
   * Adds the removal of what blocks up to `upTo` replaced to the batch: at most so many nodes, the others with the next calls. A
   * list goes when all of it is worked off, so that it is begun again after a crash. What was committed before is written or gathered.
   */
  step(batch: WriteBatch, upTo: bigint, most: number): void {
    const before = this.#done;
    for (let left = most; left > 0 && this.#done < upTo; left--) {
      if (this.#waiting.length === 0) this.#waiting = this.#listOf(this.#done + 1n);
      const key = this.#waiting.pop();
      if (key !== undefined) this.#remove(batch, key, this.#done + 1n);
      if (this.#waiting.length > 0) continue;
      this.#done += 1n;
      this.#buckets.replaced.delete(batch, u64be(this.#done));
    }
    if (this.#done !== before) this.#buckets.pruned.put(batch, POSITION, u64be(this.#done));
  }

  #listOf(number: bigint): Bytes[] {
    const list = this.#buckets.replaced.get(u64be(number));
    return list === undefined ? [] : listIn(decode(list)).map((item) => bytesIn(item));
  }

  #remove(batch: WriteBatch, key: Bytes, number: bigint): void {
    const stored = this.#buckets.nodes.get(key);
    if (stored !== undefined && numberIn(stored) < number) this.#buckets.nodes.delete(batch, key);
  }
}

/** The block number at the beginning of a stored value. */
function numberIn(stored: Bytes): bigint {
  return new DataView(stored.buffer, stored.byteOffset, stored.byteLength).getBigUint64(0);
}
