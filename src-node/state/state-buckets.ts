import { Bucket } from '../db/bucket.ts';
import type { KeyValueStore } from '../db/store.ts';

/** The parts of the store that hold states. */
export interface StateBuckets {
  /** By the owner's hash (none for the account trie) and the node's hash: block number (8 bytes), encoding. */
  readonly nodes: Bucket;
  /** By hash. */
  readonly codes: Bucket;
  /** By hash: the address (20 bytes) or number of a slot (32 bytes) behind it. Those that earlier versions stored have none. */
  readonly preimages: Bucket;
  /** By block number: the keys in `nodes` that its state has no more, an RLP list. */
  readonly replaced: Bucket;
  /** How far lists of `replaced` were worked off. */
  readonly pruned: Bucket;
}

export function stateBuckets(store: KeyValueStore): StateBuckets {
  return {
    nodes: new Bucket('stateNodes', store),
    codes: new Bucket('code', store),
    preimages: new Bucket('preimages', store),
    replaced: new Bucket('replacedNodes', store),
    pruned: new Bucket('prunedStates', store),
  };
}
