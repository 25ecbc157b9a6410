/**
 * Nodes of a trie in memory. A sealed node is shared and never changed; an unsealed one belongs to the trie that made it. A trie
 * keeps the nodes that it made as children of one another also when they are sealed, so that what changes often is never read back.
 */
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import type { Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { bytesIn, decode, encode, listIn, type RlpItem } from '../primitives/rlp/index.ts';
import { encodeBranch, encodeExtension, encodeLeaf, HASH_LENGTH } from '../primitives/trie-node.ts';

/** A child is a reference (`primitives/trie-node`), or the node itself where this trie made it. */
export type Child = string | TrieNode;

export interface Branch {
  readonly kind: 'branch';
  /** 16 of them. */
  readonly children: (Child | null)[];
  /** Undefined until it is sealed. */
  reference: string | undefined;
}

export interface Extension {
  readonly kind: 'extension';
  readonly path: Bytes;
  readonly child: Child;
  reference: string | undefined;
}

export interface Leaf {
  readonly kind: 'leaf';
  readonly path: Bytes;
  readonly value: Bytes;
  reference: string | undefined;
}

export type TrieNode = Branch | Extension | Leaf;

export type StateErrorCode = 'STATE_MISSING' | 'STATE_DAMAGED';

/** Encoding of a node whose children are all references. */
export function encodeNode(node: TrieNode, childReference: (child: Child) => string): Bytes {
  switch (node.kind) {
    case 'leaf':
      return encodeLeaf(node.path, node.value);
    case 'extension':
      return encodeExtension(node.path, childReference(node.child));
    case 'branch':
      return encodeBranch(node.children.map((child) => (child === null ? null : childReference(child))));
  }
}

/** @throws STATE_DAMAGED, BAD_RLP */
export function decodeNode(encoded: Bytes, reference: string): TrieNode {
  const items = listIn(decode(encoded));
  if (items.length === 17) {
    return { kind: 'branch', children: items.slice(0, 16).map(referenceIn), reference };
  }
  if (items.length !== 2) throw damaged();
  const compact = bytesIn(items[0]);
  const flags = (compact[0] ?? 0) >> 4;
  const path = pathOf(compact);
  if (flags >= 2) return { kind: 'leaf', path, value: bytesIn(items[1]), reference };
  const child = referenceIn(items[1]);
  if (child === null) throw damaged();
  return { kind: 'extension', path, child, reference };
}

/** The node inside a reference that is shorter than a hash. */
export function decodeInline(reference: string): TrieNode {
  return decodeNode(bytesOfKey(reference), reference);
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

function damaged(): CodedError<StateErrorCode> {
  return new CodedError('STATE_DAMAGED', 'A part of the stored state cannot be read.', { help: 'Move the data folder away, then import or sync the chain again.' });
}
