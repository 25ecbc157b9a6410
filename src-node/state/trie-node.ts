/**
 * Nodes of a trie in memory. A node that was read from the store is shared and never changed; one that a trie made belongs to it.
 * A trie keeps the nodes that it made as children of one another also when they are sealed and stored, so that what changes often
 * is never read back.
 */
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import type { Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { bytesIn, decode, encode, listIn, type RlpItem } from '../primitives/rlp/index.ts';
import { encodeBranch, encodeExtension, encodeLeaf, HASH_LENGTH, replaceReferences } from '../primitives/trie-node.ts';

/** A child is a reference (`primitives/trie-node`), or the node itself where this trie made it. */
export type Child = string | TrieNode;

interface Node {
  /** Undefined until it is sealed. */
  reference: string | undefined;
  /** Whether the store has it, or has what holds it where it is shorter than a hash. What is below a stored node is stored. */
  stored: boolean;
}

export interface Branch extends Node {
  readonly kind: 'branch';
  /** 16 of them. */
  readonly children: (Child | null)[];
  readonly isShared: boolean;
  /** Its encoding when it was last sealed, in memory of its own. */
  encoded: Bytes | undefined;
  /** The children in which it differs from `encoded`, a bit each. */
  stale: number;
}

export interface Extension extends Node {
  readonly kind: 'extension';
  readonly path: Bytes;
  readonly child: Child;
  /** From when it is sealed until it is stored. */
  encoded: Bytes | undefined;
}

export interface Leaf extends Node {
  readonly kind: 'leaf';
  readonly path: Bytes;
  readonly value: Bytes;
  /** From when it is sealed until it is stored. */
  encoded: Bytes | undefined;
}

export type TrieNode = Branch | Extension | Leaf;

export type StateErrorCode = 'STATE_MISSING' | 'STATE_DAMAGED';

export function leaf(path: Bytes, value: Bytes): Leaf {
  return { kind: 'leaf', path, value, reference: undefined, stored: false, encoded: undefined };
}

export function extension(path: Bytes, child: Child): Extension {
  return { kind: 'extension', path, child, reference: undefined, stored: false, encoded: undefined };
}

export function branch(children: (Child | null)[]): Branch {
  return { kind: 'branch', children, isShared: false, reference: undefined, stored: false, encoded: undefined, stale: 0 };
}

/** The branch with another child: itself, or a copy of a shared one. */
export function withChild(node: Branch, nibble: number, child: Child | null): Branch {
  // `slice` of a Buffer, which a store may have given, is no copy
  const own: Branch = node.isShared ? { ...node, children: node.children.slice(), isShared: false, encoded: node.encoded === undefined ? undefined : new Uint8Array(node.encoded) } : node;
  own.reference = undefined;
  own.stored = false;
  own.children[nibble] = child;
  own.stale |= 1 << nibble;
  return own;
}

/** Seals the node, whose children give their references, and keeps its encoding. */
export function encodeNode(node: TrieNode, childReference: (child: Child) => string): Bytes {
  switch (node.kind) {
    case 'leaf':
      return (node.encoded = encodeLeaf(node.path, node.value));
    case 'extension':
      return (node.encoded = encodeExtension(node.path, childReference(node.child)));
    case 'branch':
      return encodeOwnBranch(node, childReference);
  }
}

function encodeOwnBranch(node: Branch, childReference: (child: Child) => string): Bytes {
  const referenceTo = (child: Child | null): string | null => (child === null ? null : childReference(child));
  const { encoded, stale, children } = node;
  node.stale = 0;
  if (encoded !== undefined && replaceReferences(encoded, children.map((child, i) => ((stale >> i) & 1) === 0 ? undefined : referenceTo(child)))) return encoded;
  return (node.encoded = encodeBranch(children.map(referenceTo)));
}

/** @throws STATE_DAMAGED, BAD_RLP */
export function decodeNode(encoded: Bytes, reference: string): TrieNode {
  const items = listIn(decode(encoded));
  if (items.length === 17) {
    if (bytesIn(items[16]).length > 0) throw damaged(); // keys are all of one length
    return { kind: 'branch', children: items.slice(0, 16).map(referenceIn), isShared: true, reference, stored: true, encoded, stale: 0 };
  }
  if (items.length !== 2) throw damaged();
  const compact = bytesIn(items[0]);
  const flags = (compact[0] ?? 0) >> 4;
  if (compact.length === 0 || flags > 3) throw damaged();
  const path = pathOf(compact);
  if (flags >= 2) return { kind: 'leaf', path, value: bytesIn(items[1]), reference, stored: true, encoded: undefined };
  const child = referenceIn(items[1]);
  if (child === null) throw damaged();
  return { kind: 'extension', path, child, reference, stored: true, encoded: undefined };
}

/** The node inside a reference that is shorter than a hash. */
export function decodeInline(reference: string): TrieNode {
  return decodeNode(bytesOfKey(reference), reference);
}

/** The children of a stored node, which are references, each with the nibbles that lead to it. */
export function* childReferences(node: TrieNode): Generator<[reference: string, path: readonly number[]]> {
  if (node.kind === 'extension' && typeof node.child === 'string') yield [node.child, [...node.path]];
  if (node.kind !== 'branch') return;
  for (const [nibble, child] of node.children.entries()) if (typeof child === 'string') yield [child, [nibble]];
}

function referenceIn(item: RlpItem | undefined): string | null {
  if (item === undefined) throw damaged();
  if (!(item instanceof Uint8Array)) return byteKey(encode(item));
  if (item.length === 0) return null;
  if (item.length !== HASH_LENGTH) throw damaged();
  return byteKey(item);
}

function pathOf(compact: Bytes): Bytes {
  const odd = ((compact[0] ?? 0) >> 4) & 1;
  const path = new Uint8Array((compact.length - 1) * 2 + odd);
  if (odd === 1) path[0] = (compact[0] ?? 0) & 0x0f;
  for (let i = 1, at = odd; i < compact.length; i++, at += 2) {
    const byte = compact[i] ?? 0;
    path[at] = byte >> 4;
    path[at + 1] = byte & 0x0f;
  }
  return path;
}

export function damaged(): CodedError<StateErrorCode> {
  return new CodedError('STATE_DAMAGED', 'A part of the stored state cannot be read.', { help: 'Check the disk; then run `cpchain chain repair`, or move the data folder away and import or sync again.' });
}
