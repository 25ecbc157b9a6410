/**
 * Merkle-Patricia trie over keys of 32 bytes (docs/protocol/01 §4). Changes copy the path they touch once; `seal` hashes what
 * changed since the last one, `commit` writes it. Every path that was ever changed stays in memory for as long as the trie lives.
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
  #pending: { readonly reference: string; readonly encoded: Bytes }[] = [];

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
    const root = this.#root;
    if (root === null) return EMPTY_TRIE_ROOT;
    if (typeof root === 'string') return bytesOfKey(root);
    return bytesOfKey((root.reference ??= this.#hashed(encodeNode(root, this.#reference)))); // however short it is
  }

  /** Seals, then adds every new node to the batch. @returns the root */
  commit(batch: WriteBatch): Bytes {
    const root = this.seal();
    for (const { reference, encoded } of this.#pending) this.#nodes.putNode(batch, reference, encoded);
    this.#pending = [];
    return root;
  }

  #resolve(child: Child): TrieNode {
    return typeof child === 'string' ? this.#nodes.node(child) : child;
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
    return after === node.child ? child : extension(node.path, after);
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

  /** Reference of a child; an unsealed one is sealed, its own children first, and kept for the commit. */
  readonly #reference = (child: Child): string => {
    if (typeof child === 'string') return child;
    return (child.reference ??= this.#named(encodeNode(child, this.#reference)));
  };

  #named(encoded: Bytes): string {
    return encoded.length < HASH_LENGTH ? byteKey(encoded) : this.#hashed(encoded);
  }

  #hashed(encoded: Bytes): string {
    const reference = byteKey(keccak256(encoded));
    this.#pending.push({ reference, encoded });
    return reference;
  }
}

function leaf(path: Bytes, value: Bytes): Leaf {
  return { kind: 'leaf', path, value, reference: undefined };
}

function extension(path: Bytes, child: Child): Extension {
  return { kind: 'extension', path, child, reference: undefined };
}

function childAt(node: Branch, nibble: number): Child | null {
  return node.children[nibble] ?? null;
}

function withChild(node: Branch, nibble: number, child: Child | null): Branch {
  const own: Branch = node.reference === undefined ? node : { kind: 'branch', children: node.children.slice(), reference: undefined };
  own.children[nibble] = child;
  return own;
}

/** A branch where `path` (from `depth`) leaves the path of a leaf or extension after `shared` nibbles, holding both. */
function split(node: Leaf | Extension, shared: number, path: Bytes, depth: number, value: Bytes): TrieNode {
  const children = new Array<Child | null>(16).fill(null);
  const rest = node.path.subarray(shared + 1);
  const stays = node.path[shared] ?? 0;
  if (node.kind === 'leaf') children[stays] = leaf(rest, node.value);
  else children[stays] = rest.length === 0 ? node.child : extension(rest, node.child);
  children[path[depth + shared] ?? 0] = leaf(path.subarray(depth + shared + 1), value);
  const branch: Branch = { kind: 'branch', children, reference: undefined };
  return shared === 0 ? branch : extension(node.path.subarray(0, shared), branch);
}

/** Length of the common start of `part` and `path` from `depth`. */
function sharedLength(part: Bytes, path: Bytes, depth: number): number {
  let shared = 0;
  while (shared < part.length && part[shared] === path[depth + shared]) shared++;
  return shared;
}
