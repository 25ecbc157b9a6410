/**
 * Merkle-Patricia trie over keys of 32 bytes (docs/protocol/01 §4). Changes copy the path they touch once; `seal` hashes what
 * changed since the last one, `commit` writes it. Every path that was ever changed stays in memory for as long as the trie lives.
 */
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import { concat, equal, type Bytes } from '../base/bytes.ts';
import { invariant } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { HASH_LENGTH, nibblesOf, referenceOf } from '../primitives/trie-node.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import type { StateWrite } from './state-write.ts';
import { branch, damaged, encodeNode, extension, leaf, withChild, type Branch, type Child, type Extension, type Leaf, type TrieNode } from './trie-node.ts';
import { leavesOf, type TrieLeaf } from './trie-leaves.ts';
import type { TrieNodeStore } from './trie-node-store.ts';

const EMPTY_ROOT = byteKey(EMPTY_TRIE_ROOT);

export class Trie {
  readonly #nodes: TrieNodeStore;
  readonly #owner: string;
  #root: Child | null;
  /** References of stored nodes that the changes since the last commit replaced. */
  readonly #replaced = new Set<string>();

  /** @param owner whose storage it is, by the byte key of the account's hash; empty for the accounts */
  constructor(nodes: TrieNodeStore, root: Bytes, owner: string) {
    this.#nodes = nodes;
    this.#owner = owner;
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
        child = childAt(node, nibbleAt(path, depth));
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

  /** In the order of the keys, with what was put. @param from the first key, or its beginning @throws STATE_MISSING, STATE_DAMAGED */
  leaves(from: Bytes): Generator<TrieLeaf> {
    return leavesOf(this.#root, (child) => this.#resolve(child), from);
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
    return bytesOfKey((root.reference ??= byteKey(keccak256(encodeNode(root, this.#reference))))); // however short it is
  }

  /** Seals, then writes every node that the store lacks, and names those that are no part of the trie any more. @returns the root */
  commit(write: StateWrite): Bytes {
    const root = this.seal();
    for (const reference of this.#replaced) write.replaced(this.#owner, reference);
    this.#replaced.clear();
    this.#store(this.#root, write);
    return root;
  }

  #store(child: Child | null, write: StateWrite): void {
    if (child === null || typeof child === 'string' || child.stored) return;
    if (child.kind !== 'leaf') for (const below of child.kind === 'branch' ? child.children : [child.child]) this.#store(below, write);
    child.stored = true;
    const { reference = '', encoded } = child;
    if (reference.length === HASH_LENGTH && encoded !== undefined) write.node(this.#owner, reference, encoded);
    if (child.kind !== 'branch') child.encoded = undefined;
  }

  #resolve(child: Child): TrieNode {
    return typeof child === 'string' ? this.#nodes.node(this.#owner, child) : child;
  }

  /** The child with the value in it: the same child, still sealed, when the value stood there already. */
  #insert(child: Child | null, path: Bytes, depth: number, value: Bytes): Child {
    if (child === null) return leaf(path.subarray(depth), value);
    const node = this.#resolve(child);
    if (node.kind === 'branch') {
      const nibble = nibbleAt(path, depth);
      const before = childAt(node, nibble);
      const after = this.#insert(before, path, depth + 1, value);
      return isSame(before, after) ? child : this.#withChild(node, nibble, after);
    }
    const shared = sharedLength(node.path, path, depth);
    if (shared < node.path.length) return this.#replace(node, split(node, shared, path, depth, value));
    if (node.kind === 'leaf') return equal(node.value, value) ? child : this.#replace(node, leaf(node.path, value));
    const after = this.#insert(node.child, path, depth + shared, value);
    return isSame(node.child, after) ? child : this.#replace(node, extension(node.path, after));
  }

  /** What is left of the child without the key: the same child, still sealed, when the key was not there. */
  #remove(child: Child, path: Bytes, depth: number): Child | null {
    const node = this.#resolve(child);
    if (node.kind === 'branch') {
      const nibble = nibbleAt(path, depth);
      const before = childAt(node, nibble);
      if (before === null) return child;
      const after = this.#remove(before, path, depth + 1);
      if (isSame(before, after)) return child;
      return after === null ? this.#withoutChild(node, nibble) : this.#withChild(node, nibble, after);
    }
    if (sharedLength(node.path, path, depth) < node.path.length) return child;
    if (node.kind === 'leaf') return this.#replace(node, null);
    const after = this.#remove(node.child, path, depth + node.path.length);
    invariant(after !== null, 'An extension stands above a single leaf.');
    return isSame(node.child, after) ? child : this.#replace(node, this.#prefixed(node.path, after));
  }

  #withChild(node: Branch, nibble: number, child: Child | null): Branch {
    this.#retire(node); // before it changes
    return withChild(node, nibble, child);
  }

  /** A branch of one child is no branch: the child takes its place. */
  #withoutChild(node: Branch, nibble: number): Child {
    let only = -1;
    for (let i = 0; i < 16; i++) {
      if (i === nibble || childAt(node, i) === null) continue;
      if (only !== -1) return this.#withChild(node, nibble, null);
      only = i;
    }
    const last = childAt(node, only);
    invariant(last !== null, 'A branch stands above a single child.');
    return this.#replace(node, this.#prefixed(Uint8Array.of(only), last));
  }

  /** `child` reached by a longer path. */
  #prefixed(path: Bytes, child: Child): TrieNode {
    const node = this.#resolve(child);
    switch (node.kind) {
      case 'branch':
        return extension(path, child);
      case 'extension':
        return this.#replace(node, extension(concat(path, node.path), node.child));
      case 'leaf':
        return this.#replace(node, leaf(concat(path, node.path), node.value));
    }
  }

  /** `after` in the place of `node`. */
  #replace<After extends Child | null>(node: TrieNode, after: After): After {
    this.#retire(node);
    return after;
  }

  #retire(node: TrieNode): void {
    if (node.stored && node.reference?.length === HASH_LENGTH) this.#replaced.add(node.reference);
  }

  /** Reference of a child; an unsealed one is sealed, its own children first. */
  readonly #reference = (child: Child): string => {
    if (typeof child === 'string') return child;
    return (child.reference ??= referenceOf(encodeNode(child, this.#reference)));
  };
}

/** Whether nothing changed in a child: branches change in place, and are unsealed then. */
function isSame(before: Child | null, after: Child | null): boolean {
  return before === after && (before === null || typeof before === 'string' || before.reference !== undefined);
}

/** @throws STATE_DAMAGED when nodes go on where the key has ended, as damaged ones may without end */
function nibbleAt(path: Bytes, depth: number): number {
  const nibble = path[depth];
  if (nibble === undefined) throw damaged();
  return nibble;
}

function childAt(node: Branch, nibble: number): Child | null {
  return node.children[nibble] ?? null;
}

/** A branch where `path` (from `depth`) leaves the path of a leaf or extension after `shared` nibbles, holding both. */
function split(node: Leaf | Extension, shared: number, path: Bytes, depth: number, value: Bytes): TrieNode {
  const children = new Array<Child | null>(16).fill(null);
  const rest = node.path.subarray(shared + 1);
  const stays = node.path[shared] ?? 0;
  if (node.kind === 'leaf') children[stays] = leaf(rest, node.value);
  else children[stays] = rest.length === 0 ? node.child : extension(rest, node.child);
  children[path[depth + shared] ?? 0] = leaf(path.subarray(depth + shared + 1), value);
  const parting = branch(children);
  return shared === 0 ? parting : extension(node.path.subarray(0, shared), parting);
}

/** Length of the common start of `part` and `path` from `depth`. */
function sharedLength(part: Bytes, path: Bytes, depth: number): number {
  let shared = 0;
  while (shared < part.length && part[shared] === path[depth + shared]) shared++;
  return shared;
}
