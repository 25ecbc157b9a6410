/**
 * Encodings of the nodes of a Merkle-Patricia trie (docs/protocol/01 §4). Keys of one trie are prefix-free (hashes of 32
 * bytes, or RLP integers), so a branch never holds a value.
 *
 * A *reference* names a child inside its parent: the 32-byte hash of its encoding, or the encoding itself when that is
 * shorter than 32 bytes. References are kept as byte keys (`base/byte-key`), so that they serve as keys of a Map as they are.
 */
import { asBuffer, type Bytes } from '../base/bytes.ts';
import { byteKey } from '../base/byte-key.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { encode, encodeBriefly, encodeListOf, headLength, writeHead } from './rlp/index.ts';

/** Characters of a reference that is a hash; a shorter one is the encoding itself. */
export const HASH_LENGTH = 32;
/** First byte of a reference that is a hash. */
const HASH_HEAD = 0x80 + HASH_LENGTH;
const NO_CHILD = 0x80;
const BRANCH_VALUE = 0x80;

export function referenceOf(encodedNode: Bytes): string {
  return byteKey(encodedNode.length < HASH_LENGTH ? encodedNode : keccak256(encodedNode));
}

/** `path` are the remaining nibbles of the key, one per byte. */
export function encodeLeaf(path: Bytes, value: Bytes): Bytes {
  return encodeBriefly([compactPath(path, true), value]);
}

export function encodeExtension(path: Bytes, child: string): Bytes {
  const reference = Buffer.allocUnsafe(referenceSize(child));
  writeReference(reference, 0, child);
  return encodeListOf([encode(compactPath(path, false)), reference]);
}

/** 16 references, null where there is no child. */
export function encodeBranch(children: readonly (string | null)[]): Bytes {
  let payload = 1;
  for (const child of children) payload += referenceSize(child);
  const out = Buffer.allocUnsafeSlow(headLength(payload) + payload); // kept for long, so it must not hold a pool
  let offset = writeHead(out, 0, 0xc0, payload);
  for (const child of children) offset = writeReference(out, offset, child);
  out[offset] = BRANCH_VALUE;
  return out;
}

/**
 * Writes other references into the encoding of a branch, which takes a fraction of the time of encoding it anew.
 * @param changed the new reference of each child that differs; undefined for the others
 * @returns false when a place would need another size: the branch is to be encoded anew then
 */
export function replaceReferences(encodedBranch: Bytes, changed: readonly (string | null | undefined)[]): boolean {
  const out = asBuffer(encodedBranch);
  let at = (encodedBranch[0] ?? 0) > 0xf7 ? (encodedBranch[0] ?? 0) - 0xf7 + 1 : 1;
  for (let i = 0; i < 16; i++) {
    const head = encodedBranch[at] ?? 0;
    const reference = changed[i];
    if (reference !== undefined) {
      if (head !== HASH_HEAD || reference?.length !== HASH_LENGTH) return false;
      out.write(reference, at + 1, 'latin1');
    }
    at += head === HASH_HEAD ? HASH_LENGTH + 1 : head === NO_CHILD ? 1 : head - 0xc0 + 1;
  }
  return true;
}

/** Nibbles of a key, one per byte. */
export function nibblesOf(key: Bytes): Bytes {
  const out = new Uint8Array(key.length * 2);
  for (let i = 0; i < key.length; i++) {
    const byte = key[i] ?? 0;
    out[2 * i] = byte >> 4;
    out[2 * i + 1] = byte & 0x0f;
  }
  return out;
}

/** Two nibbles a byte. */
export function bytesOfNibbles(path: readonly number[]): Bytes {
  return Uint8Array.from({ length: path.length / 2 }, (_, i) => ((path[2 * i] ?? 0) << 4) | (path[2 * i + 1] ?? 0));
}

function compactPath(path: Bytes, isLeaf: boolean): Bytes {
  const odd = path.length % 2;
  const out = new Uint8Array((path.length - odd) / 2 + 1);
  out[0] = (isLeaf ? 0x20 : 0x00) | (odd === 1 ? 0x10 | (path[0] ?? 0) : 0);
  for (let i = odd, at = 1; i < path.length; i += 2, at++) out[at] = ((path[i] ?? 0) << 4) | (path[i + 1] ?? 0);
  return out;
}

function referenceSize(reference: string | null): number {
  if (reference === null) return 1;
  return reference.length === HASH_LENGTH ? HASH_LENGTH + 1 : reference.length;
}

function writeReference(out: Buffer, offset: number, reference: string | null): number {
  if (reference === null) {
    out[offset] = NO_CHILD;
    return offset + 1;
  }
  const start = reference.length === HASH_LENGTH ? writeHead(out, offset, 0x80, HASH_LENGTH) : offset;
  return start + out.write(reference, start, 'latin1');
}
