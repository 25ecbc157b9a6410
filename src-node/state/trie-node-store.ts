/** Where tries find their nodes and accounts their code: the key-value store with caches of decoded nodes and of code in front. */
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import type { Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { Bucket } from '../db/bucket.ts';
import type { KeyValueStore, WriteBatch } from '../db/store.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { HASH_LENGTH } from '../primitives/trie-node.ts';
import { GenerationCache } from './generation-cache.ts';
import { decodeInline, decodeNode, type StateErrorCode, type TrieNode } from './trie-node.ts';

export interface TrieNodeStoreOptions {
  /** Decoded nodes kept, about 1 kB each. Default 20,000. */
  readonly cachedNodes?: number;
}

/** Contracts have at most 24,576 bytes of code (docs/protocol/03 §6.2), so this holds 12 MiB at worst. */
const CACHED_CODES = 256;

export class TrieNodeStore {
  readonly #nodes: Bucket;
  readonly #codes: Bucket;
  readonly #nodeCache: GenerationCache<TrieNode>;
  readonly #codeCache = new GenerationCache<Bytes>(CACHED_CODES);

  constructor(options: TrieNodeStoreOptions, modules: { readonly store: KeyValueStore }) {
    this.#nodes = new Bucket('trieNodes', modules.store);
    this.#codes = new Bucket('code', modules.store);
    this.#nodeCache = new GenerationCache(options.cachedNodes ?? 20_000);
  }

  /** Whether the state with this root is stored. */
  has(root: Bytes): boolean {
    return byteKey(root) === byteKey(EMPTY_TRIE_ROOT) || this.#nodes.get(root) !== undefined;
  }

  /** The sealed node that a reference names. @throws STATE_MISSING, STATE_DAMAGED */
  node(reference: string): TrieNode {
    if (reference.length !== HASH_LENGTH) return decodeInline(reference);
    const cached = this.#nodeCache.get(reference);
    if (cached !== undefined) return cached;
    const encoded = this.#nodes.get(bytesOfKey(reference));
    if (encoded === undefined) throw missing('node', reference);
    const node = decodeNode(encoded, reference);
    this.#nodeCache.set(reference, node);
    return node;
  }

  /** @throws STATE_MISSING */
  code(hash: Bytes): Bytes {
    const key = byteKey(hash);
    const cached = this.#codeCache.get(key);
    if (cached !== undefined) return cached;
    const code = this.#codes.get(hash);
    if (code === undefined) throw missing('code', key);
    this.#codeCache.set(key, code);
    return code;
  }

  /** Adds a sealed node to the batch. It is not cached: the trie that made it has it, and most nodes are replaced before they are read. */
  putNode(batch: WriteBatch, reference: string, encoded: Bytes): void {
    this.#nodes.put(batch, bytesOfKey(reference), encoded);
  }

  putCode(batch: WriteBatch, hash: Bytes, code: Bytes): void {
    this.#codes.put(batch, hash, code);
    this.#codeCache.set(byteKey(hash), code);
  }
}

function missing(what: 'node' | 'code', key: string): CodedError<StateErrorCode> {
  return new CodedError('STATE_MISSING', 'A part of the state is not stored on this computer.', {
    help: 'Ask for a block whose state is kept, or import the chain again.',
    meta: { what, hash: Buffer.from(key, 'latin1').toString('hex') },
  });
}
