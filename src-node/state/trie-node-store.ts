/** Where tries find their nodes and accounts their code: the key-value store with caches of decoded nodes and of code in front. */
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import type { Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { Bucket } from '../db/bucket.ts';
import type { KeyValueStore, WriteBatch } from '../db/store.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { HASH_LENGTH } from '../primitives/trie-node.ts';
import { GenerationCache } from './generation-cache.ts';
import { stateBuckets, type StateBuckets } from './state-buckets.ts';
import { StatePruner } from './state-pruner.ts';
import { StateWrite } from './state-write.ts';
import { decodeInline, decodeNode, type StateErrorCode, type TrieNode } from './trie-node.ts';

export interface TrieNodeStoreOptions {
  /** Decoded nodes kept, about 1 kB each. Default 20,000. */
  readonly cachedNodes?: number;
  /** States of so many blocks before the last committed one stay readable; null keeps all. Default `RETAINED_STATES`. */
  readonly retainedStates?: bigint | null;
}

/** Contracts have at most 24,576 bytes of code (docs/protocol/03 §6.2), so this holds 12 MiB at worst. */
const CACHED_CODES = 256;
/** States of so many blocks before the head can be read, as at other nodes of the network. */
const RETAINED_STATES = 128n;
/** More than a full block replaces. */
const PRUNED_AT_ONCE = 2_000;
/** Bytes of the block number in front of a stored node. */
const NUMBER_LENGTH = 8;

export class TrieNodeStore {
  readonly #buckets: StateBuckets;
  /** Nodes by hash alone, as versions before 0.2 stored them. */
  readonly #unowned: Bucket;
  readonly #retained: bigint | null;
  readonly #nodeCache: GenerationCache<TrieNode>;
  readonly #codeCache = new GenerationCache<Bytes>(CACHED_CODES);
  readonly #pruner: StatePruner;

  constructor(options: TrieNodeStoreOptions, modules: { readonly store: KeyValueStore }) {
    this.#buckets = stateBuckets(modules.store);
    this.#unowned = new Bucket('trieNodes', modules.store);
    this.#retained = options.retainedStates === undefined ? RETAINED_STATES : options.retainedStates;
    this.#nodeCache = new GenerationCache(options.cachedNodes ?? 20_000);
    this.#pruner = new StatePruner(this.#buckets, modules.store);
  }

  /** Whether a state is to be readable when so many blocks came after it. */
  retains(following: bigint): boolean {
    return this.#retained === null || following <= this.#retained;
  }

  /** Whether the state with this root is stored. */
  has(root: Bytes): boolean {
    return byteKey(root) === byteKey(EMPTY_TRIE_ROOT) || this.#encoded(root, root) !== undefined;
  }

  /** The sealed node that a reference names. @param owner of the trie @throws STATE_MISSING, STATE_DAMAGED */
  node(owner: string, reference: string): TrieNode {
    if (reference.length !== HASH_LENGTH) return decodeInline(reference);
    const cached = this.#nodeCache.get(reference);
    if (cached !== undefined) return cached;
    const node = decodeNode(this.encodedNode(owner, reference), reference);
    this.#nodeCache.set(reference, node);
    return node;
  }

  /** A node that is in memory. */
  cachedNode(reference: string): TrieNode | undefined {
    return reference.length === HASH_LENGTH ? this.#nodeCache.get(reference) : decodeInline(reference);
  }

  /** Brings nodes of the account trie into memory; those that are not stored, or not as they are now, are left out. @throws STATE_DAMAGED, CodedError<StoreErrorCode> */
  async load(references: readonly string[]): Promise<void> {
    const found = await this.#buckets.nodes.getMany(references.map(bytesOfKey));
    references.forEach((reference, i) => {
      const encoded = found[i]?.subarray(NUMBER_LENGTH);
      if (encoded !== undefined) this.#nodeCache.set(reference, decodeNode(encoded, reference));
    });
  }

  /** As it is stored. @throws STATE_MISSING */
  encodedNode(owner: string, reference: string): Bytes {
    const encoded = this.#encoded(bytesOfKey(owner + reference), bytesOfKey(reference));
    if (encoded === undefined) throw missing('node', reference);
    return encoded;
  }

  /** @throws STATE_MISSING */
  code(hash: Bytes): Bytes {
    const key = byteKey(hash);
    const cached = this.#codeCache.get(key);
    if (cached !== undefined) return cached;
    const code = this.#buckets.codes.get(hash);
    if (code === undefined) throw missing('code', key);
    this.#codeCache.set(key, code);
    return code;
  }

  /** The address or number of a slot behind a key of a trie; undefined when the store was begun by a version that kept none. */
  preimage(hash: Bytes): Bytes | undefined {
    return this.#buckets.preimages.get(hash);
  }

  /**
   * Adds to the batch what `fill` writes, the state of block `number`. Nodes are not cached: the trie that made them has them, and
   * most are replaced before they are read.
   */
  commit(batch: WriteBatch, number: bigint, fill: (write: StateWrite) => void): void {
    const write = new StateWrite(this.#buckets, batch, number, this.#pruner);
    fill(write);
    if (this.#retained !== null) write.end();
  }

  /** Removes some of the states that are too old when `number` is the last block on disk, one call after the other. @throws CodedError<StoreErrorCode> */
  async prune(number: bigint): Promise<void> {
    if (this.#retained !== null) await this.#pruner.step(number - this.#retained, PRUNED_AT_ONCE);
  }

  #encoded(key: Bytes, hash: Bytes): Bytes | undefined {
    return this.#buckets.nodes.get(key)?.subarray(NUMBER_LENGTH) ?? this.#unowned.get(hash);
  }
}

function missing(what: 'node' | 'code', key: string): CodedError<StateErrorCode> {
  return new CodedError('STATE_MISSING', 'A part of the state is not stored on this computer.', {
    help: 'States of old blocks are removed, unless the node keeps an archive. Ask for a newer block.',
    meta: { what, hash: Buffer.from(key, 'latin1').toString('hex') },
  });
}
