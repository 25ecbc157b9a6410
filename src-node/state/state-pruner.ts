/**
 * Removes the states of old blocks. Blocks are final, so one state follows the other, and what a block replaced is of no use once
 * the blocks before it are too old to be asked for. A node stands at one place of one trie, since keys are hashes and storage
 * nodes carry their owner: it needs no count of references. What a block replaced and a later one made again carries the later
 * one's number and stays. The numbers are read beside the thread that executes blocks, which takes longer than all else here.
 */
import { byteKey } from '../base/byte-key.ts';
import { u64be, type Bytes } from '../base/bytes.ts';
import type { KeyValueStore } from '../db/store.ts';
import { bytesIn, decode, listIn } from '../primitives/rlp/index.ts';
import type { StateBuckets } from './state-buckets.ts';

const POSITION = new Uint8Array();

export class StatePruner {
  readonly #buckets: StateBuckets;
  readonly #store: KeyValueStore;
  /** The last block whose list is worked off. */
  #done: bigint;
  /** What is left of the list of the block after it. */
  #waiting: Bytes[] = [];
  /** Keys whose numbers are being read, but for those that were made again meanwhile. */
  #reading = new Set<string>();

  constructor(buckets: StateBuckets, store: KeyValueStore) {
    this.#buckets = buckets;
    this.#store = store;
    this.#done = this.#position();
  }

  /** A node is put again, by its byte key. */
  made(key: string): void {
    this.#reading.delete(key);
  }

  /**
   * Removes what blocks up to `upTo` replaced: at most so many nodes, the others with the next calls, one call after the other. A
   * list goes with the last of its nodes, so that it is begun again after a crash. What was committed up to there is on disk.
   * @throws CodedError<StoreErrorCode>
   */
  async step(upTo: bigint, most: number): Promise<void> {
    // What was done since a write that failed is forgotten.
    if (this.#done !== this.#position()) {
      this.#done = this.#position();
      this.#waiting = [];
    }
    for (let left = most; left > 0 && this.#done < upTo; ) {
      const number = this.#done + 1n;
      if (this.#waiting.length === 0) this.#waiting = this.#listOf(number);
      const keys = this.#waiting.slice(-left);
      this.#reading = new Set(keys.map(byteKey));
      const stored = keys.length === 0 ? [] : await this.#buckets.nodes.getMany(keys);
      // From here to the write nothing is waited for: what is made again in between would be removed.
      const old = keys.filter((key, i) => isOlder(stored[i], number) && this.#reading.has(byteKey(key)));
      this.#waiting.length -= keys.length;
      left -= Math.max(1, keys.length);
      const batch = this.#store.batch();
      for (const key of old) this.#buckets.nodes.delete(batch, key);
      if (this.#waiting.length === 0) {
        this.#done = number;
        this.#buckets.replaced.delete(batch, u64be(number));
        this.#buckets.pruned.put(batch, POSITION, u64be(number));
      }
      await batch.write();
    }
  }

  #position(): bigint {
    const position = this.#buckets.pruned.get(POSITION);
    return position === undefined ? 0n : numberIn(position);
  }

  #listOf(number: bigint): Bytes[] {
    const list = this.#buckets.replaced.get(u64be(number));
    return list === undefined ? [] : listIn(decode(list)).map((item) => bytesIn(item));
  }
}

/** Whether no block from `number` on made the node. */
function isOlder(stored: Bytes | undefined, number: bigint): boolean {
  return stored !== undefined && numberIn(stored) < number;
}

/** The block number at the beginning of a stored value. */
function numberIn(stored: Bytes): bigint {
  return new DataView(stored.buffer, stored.byteOffset, stored.byteLength).getBigUint64(0);
}
