/**
 * Merkle-Patricia trie over keys of 32 bytes (docs/protocol/01 §4). Changes copy the path they touch once; `seal` hashes what
 * changed since the last one, `commit` writes it.
 */
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import { concat, equal, type Bytes } from '../base/bytes.ts';
import { invariant } from '../base/errors.ts';
import type { WriteBatch } from '../db/store.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { HASH_LENGTH, nibblesOf } from '../primitives/trie-node.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { encodeNode, type Branch, type Child, type Extension, type Leaf, type TrieNode } from './trie-node.ts';
import type { TrieNodeStore } from './trie-node-store.ts';

const EMPTY_ROOT = byteKey(EMPTY_TRIE_ROOT);

export class Trie {
  readonly #nodes: TrieNodeStore;
  #root: Child | null;
  /** Sealed here and not committed yet. */
  #pending = new Map<string, { readonly encoded: Bytes; readonly node: TrieNode }>();

  constructor(nodes: TrieNodeStore, root: Bytes) {
    this.#nodes = nodes;
    const reference = byteKey(root);
    this.#root = reference === EMPTY_ROOT ? null : reference;
  }

  /** @throws STATE_MISSING, STATE_DAMAGED */
  get(key: Bytes): Bytes | undefined {
    const path = nibblesOf(key);
    let child = this.#root;
    let depth = 0;
    while (child !== null) {
      const node = this.#resolve(child);
      if (node.kind === 'branch') {
        child = childAt(node, path[depth] ?? 0);
        depth++;
        continue;
      }
      const shared = sharedLength(node.path, path, depth);
      if (shared < node.path.length) return undefined;
      if (node.kind === 'leaf') return node.value;
      depth += shared;
      child = node.child;
    }
    return undefined;
  }

  /** `value` is not empty. @throws STATE_MISSING, STATE_DAMAGED */
  put(key: Bytes, value: Bytes): void {
    this.#root = this.#insert(this.#root, nibblesOf(key), 0, value);
  }

  /** @throws STATE_MISSING, STATE_DAMAGED */
  delete(key: Bytes): void {
    if (this.#root !== null) this.#root = this.#remove(this.#root, nibblesOf(key), 0);
  }

  /** Hashes what changed. @returns the root */
  seal(): Bytes {
    if (this.#root === null) return EMPTY_TRIE_ROOT;
    if (typeof this.#root !== 'string') {
      const encoded = this.#encode(this.#root);
      const reference = byteKey(keccak256(encoded)); // the root is named by its hash however short it is
      this.#pending.set(reference, { encoded, node: this.#root });
      this.#root = reference;
    }
    return bytesOfKey(this.#root);
  }

  /** Seals, then adds every new node to the batch. @returns the root */
  commit(batch: WriteBatch): Bytes {
    const root = this.seal();
    for (const [reference, { encoded, node }] of this.#pending) this.#nodes.putNode(batch, reference, encoded, node);
    this.#pending.clear();
    return root;
  }

  #resolve(child: Child): TrieNode {
    if (typeof child !== 'string') return child;
    return this.#pending.get(child)?.node ?? this.#nodes.node(child);
  }

  /** The child with the value in it: the same child when the value stood there already. */
  #insert(child: Child | null, path: Bytes, depth: number, value: Bytes): Child {
    if (child === null) return leaf(path.subarray(depth), value);
    const node = this.#resolve(child);
    if (node.kind === 'branch') {
      const nibble = path[depth] ?? 0;
      const before = childAt(node, nibble);
      const after = this.#insert(before, path, depth + 1, value);
      return after === before ? child : withChild(node, nibble, after);
    }
    const shared = sharedLength(node.path, path, depth);
    if (shared < node.path.length) return split(node, shared, path, depth, value);
    if (node.kind === 'leaf') return equal(node.value, value) ? child : leaf(node.path, value);
    const after = this.#insert(node.child, path, depth + shared, value);
    return after === node.child ? child : withOnlyChild(node, after);
  }

  /** What is left of the child without the key: the same child when the key was not there. */
  #remove(child: Child, path: Bytes, depth: number): Child | null {
    const node = this.#resolve(child);
    if (node.kind === 'branch') {
      const nibble = path[depth] ?? 0;
      const before = childAt(node, nibble);
      if (before === null) return child;
      const after = this.#remove(before, path, depth + 1);
      if (after === before) return child;
      return after === null ? this.#withoutChild(node, nibble) : withChild(node, nibble, after);
    }
    if (sharedLength(node.path, path, depth) < node.path.length) return child;
    if (node.kind === 'leaf') return null;
    const after = this.#remove(node.child, path, depth + node.path.length);
    invariant(after !== null, 'An extension stands above a single leaf.');
    return after === node.child ? child : this.#prefixed(node.path, after);
  }

  /** A branch of one child is no branch: the child takes its place. */
  #withoutChild(node: Branch, nibble: number): Child {
    let only = -1;
    for (let i = 0; i < 16; i++) {
      if (i === nibble || childAt(node, i) === null) continue;
      if (only !== -1) return withChild(node, nibble, null);
      only = i;
    }
    const last = childAt(node, only);
    invariant(last !== null, 'A branch stands above a single child.');
    return this.#prefixed(Uint8Array.of(only), last);
  }

  /** `child` reached by a longer path. */
  #prefixed(path: Bytes, child: Child): TrieNode {
    const node = this.#resolve(child);
    switch (node.kind) {
      case 'branch':
        return extension(path, child);
      case 'extension':
        return extension(concat(path, node.path), node.child);
      case 'leaf':
        return leaf(concat(path, node.path), node.value);
    }
  }

  /** Reference of a child; an unsealed one is sealed and kept for the commit. */
  readonly #reference = (child: Child): string => {
    if (typeof child === 'string') return child;
    const encoded = this.#encode(child);
    if (encoded.length < HASH_LENGTH) return byteKey(encoded);
    const reference = byteKey(keccak256(encoded));
    this.#pending.set(reference, { encoded, node: child });
    return reference;
  };

  /** Seals a node, children first: what is sealed holds references only. */
  #encode(node: TrieNode): Bytes {
    if (!node.sealed) {
      if (node.kind === 'branch') {
        for (let i = 0; i < 16; i++) {
          const child = childAt(node, i);
          if (child !== null) node.children[i] = this.#reference(child);
        }
      } else if (node.kind === 'extension') {
        node.child = this.#reference(node.child);
      }
      node.sealed = true;
    }
    return encodeNode(node, this.#reference);
  }
}

function leaf(path: Bytes, value: Bytes): Leaf {
  return { kind: 'leaf', path, value, sealed: false };
}

function extension(path: Bytes, child: Child): Extension {
  return { kind: 'extension', path, child, sealed: false };
}

function childAt(node: Branch, nibble: number): Child | null {
  return node.children[nibble] ?? null;
}

function withChild(node: Branch, nibble: number, child: Child | null): Branch {
  const own: Branch = node.sealed ? { kind: 'branch', children: node.children.slice(), sealed: false } : node;
  own.children[nibble] = child;
  return own;
}

function withOnlyChild(node: Extension, child: Child): Extension {
  if (node.sealed) return extension(node.path, child);
  node.child = child;
  return node;
}

/** A branch where `path` (from `depth`) leaves the path of a leaf or extension after `shared` nibbles, holding both. */
function split(node: Leaf | Extension, shared: number, path: Bytes, depth: number, value: Bytes): TrieNode {
  const children = new Array<Child | null>(16).fill(null);
  const rest = node.path.subarray(shared + 1);
  const stays = node.path[shared] ?? 0;
  if (node.kind === 'leaf') children[stays] = leaf(rest, node.value);
  else children[stays] = rest.length === 0 ? node.child : extension(rest, node.child);
  children[path[depth + shared] ?? 0] = leaf(path.subarray(depth + shared + 1), value);
  const branch: Branch = { kind: 'branch', children, sealed: false };
  return shared === 0 ? branch : extension(node.path.subarray(0, shared), branch);
}

/** Length of the common start of `part` and `path` from `depth`. */
function sharedLength(part: Bytes, path: Bytes, depth: number): number {
  let shared = 0;
  while (shared < part.length && part[shared] === path[depth + shared]) shared++;
  return shared;
}
