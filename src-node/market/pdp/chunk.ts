/**
 * One chunk of a package: sealing, checking the ciphertext without a key, opening with it (docs/protocol/11 §4.5). This is the
 * hot path of publishing and buying: scratch buffers are reused, nothing is copied that need not be.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concat, equal, u32be, u64be, utf8, type Bytes } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import { sha256, sha256Into, sha256Parts } from '../../crypto/hash.ts';
import { merkleRoot } from '../../crypto/merkle.ts';
import { unitCountOf, type Suite } from './suite.ts';

/** Who packed it: part of every leaf, so that a copy under another name has other leaves. */
export interface Packing {
  readonly seller: Bytes;
  readonly versionSalt: Bytes;
}

/** What the data root commits to for one chunk. */
export interface ChunkFacts {
  readonly index: number;
  readonly length: number;
  /** Chunk salt, drawn at each encryption. */
  readonly salt: Bytes;
  readonly unitRoot: Bytes;
  readonly keyCommit: Bytes;
}

const TAG_KEY = utf8('PDK1');
const TAG_UNIT = utf8('PDU1');
const TAG_ITEM = utf8('PDX1');
const TAG_COMMIT = utf8('PDC1');
const TAG_LEAF = utf8('PDL1');

/** K_i = SHA256("PDK1" ‖ K ‖ u64 i ‖ cs_i) */
export function chunkKey(key: Bytes, index: number, salt: Bytes): Bytes {
  return sha256Parts(TAG_KEY, key, u64be(index), salt);
}

/** kc_i = SHA256("PDC1" ‖ K_i) */
export function chunkKeyCommit(keyOfChunk: Bytes): Bytes {
  return sha256Parts(TAG_COMMIT, keyOfChunk);
}

/** leaf_i, which is also the object's name. */
export function chunkLeaf(packing: Packing, facts: ChunkFacts): Bytes {
  return sha256(concat(TAG_LEAF, packing.seller, packing.versionSalt, u64be(facts.index), u32be(facts.length), facts.salt, facts.unitRoot, facts.keyCommit));
}

/** First counter block of unit `u`: 12 zero bytes ‖ u32 counter. */
function counterBlock(suite: Suite, unit: number): Bytes {
  return concat(new Uint8Array(12), u32be(suite.firstCounter + (suite.unitBytes / 16) * unit));
}

/** h_iu of every unit, 32 bytes each, in order: SHA256("PDU1" ‖ K_i ‖ u32 u ‖ plain). */
export function unitHashes(suite: Suite, keyOfChunk: Bytes, plain: Bytes): Bytes {
  const count = unitCountOf(suite, plain.length);
  const strip = Buffer.allocUnsafeSlow(count * 32);
  const scratch = new Uint8Array(40 + suite.unitBytes);
  scratch.set(TAG_UNIT);
  scratch.set(keyOfChunk, 4);
  const view = new DataView(scratch.buffer);
  for (let u = 0, at = 0; u < count; u++, at += suite.unitBytes) {
    const length = Math.min(suite.unitBytes, plain.length - at);
    view.setUint32(36, u);
    scratch.set(plain.subarray(at, at + length), 40);
    sha256Into(strip, u * 32, length === suite.unitBytes ? scratch : scratch.subarray(0, 40 + length));
  }
  return strip;
}

/** m_iu of every unit, 32 bytes each: SHA256(0x00 ‖ "PDX1" ‖ u32 u ‖ c_iu ‖ h_iu), the nodes of the unit tree. */
export function unitNodes(suite: Suite, ciphertext: Bytes, strip: Bytes): Bytes {
  const count = unitCountOf(suite, ciphertext.length);
  const nodes = Buffer.allocUnsafeSlow(count * 32);
  const item = Buffer.alloc(73);
  item.set(TAG_ITEM, 1);
  for (let u = 0, at = 0; u < count; u++, at += suite.unitBytes) {
    item.writeUInt32BE(u, 5);
    sha256Into(item, 9, ciphertext.subarray(at, at + suite.unitBytes));
    item.set(strip.subarray(u * 32, u * 32 + 32), 41);
    sha256Into(nodes, u * 32, item);
  }
  return nodes;
}

export interface SealedChunk {
  readonly facts: ChunkFacts;
  readonly strip: Bytes;
  readonly ciphertext: Bytes;
}

/** Encrypts under a key that belongs to this salt alone; `salt` is 16 bytes drawn for this call. */
export function sealChunk(suite: Suite, key: Bytes, index: number, salt: Bytes, plain: Bytes): SealedChunk {
  invariant(plain.length > 0 && plain.length <= suite.maxChunkBytes, 'a chunk holds 1 byte to its maximum');
  const keyOfChunk = chunkKey(key, index, salt);
  const cipher = createCipheriv(suite.cipher, keyOfChunk, counterBlock(suite, 0));
  const ciphertext = cipher.update(plain); // counter mode: `final` adds nothing
  const strip = unitHashes(suite, keyOfChunk, plain);
  const unitRoot = merkleRoot(unitNodes(suite, ciphertext, strip));
  return { facts: { index, length: plain.length, salt, unitRoot, keyCommit: chunkKeyCommit(keyOfChunk) }, strip, ciphertext };
}

/** Whether strip and ciphertext together are what the data root commits to. Needs no key. */
export function matchesFacts(suite: Suite, facts: ChunkFacts, strip: Bytes, ciphertext: Bytes): boolean {
  return ciphertext.length === facts.length && strip.length === unitCountOf(suite, facts.length) * 32 && equal(merkleRoot(unitNodes(suite, ciphertext, strip)), facts.unitRoot);
}

export type OpenedChunk = { readonly plain: Bytes } | { readonly fault: 'key-leaf' } | { readonly fault: 'unit'; readonly unit: number };

/** Decrypts what `matchesFacts` accepted. A fault names what the chain can be shown (docs/protocol/11 §4.7). */
export function openChunk(suite: Suite, key: Bytes, facts: ChunkFacts, strip: Bytes, ciphertext: Bytes): OpenedChunk {
  const keyOfChunk = chunkKey(key, facts.index, facts.salt);
  if (!equal(chunkKeyCommit(keyOfChunk), facts.keyCommit)) return { fault: 'key-leaf' };
  const plain = createDecipheriv(suite.cipher, keyOfChunk, counterBlock(suite, 0)).update(ciphertext);
  const found = unitHashes(suite, keyOfChunk, plain);
  if (equal(found, strip)) return { plain };
  const count = unitCountOf(suite, facts.length);
  for (let unit = 0; unit < count; unit++) {
    if (!equal(found.subarray(unit * 32, unit * 32 + 32), strip.subarray(unit * 32, unit * 32 + 32))) return { fault: 'unit', unit };
  }
  invariant(false, 'strips of equal length that differ have a unit that differs');
}
