/** Inputs of the three proofs of fraud, from the bytes that the market holds (docs/protocol/11 §4.7). */
import { concat, fromBigInt, toBigInt, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { multiply, publicKeyOf } from '../crypto/secp256k1.ts';
import type { KeyOpening, Leaf, Point, UnitOpening } from './bindings/pd-escrow.gen.ts';

/** x ‖ y (64 bytes) as coordinates. */
export function pointOf(point64: Bytes): Point {
  return { x: toBigInt(point64.subarray(0, 32)), y: toBigInt(point64.subarray(32, 64)) };
}

/** Coordinates as x ‖ y (64 bytes). @throws BAD_INTEGER */
export function pointBytes(point: Point): Bytes {
  return concat(fromBigInt(point.x, 32), fromBigInt(point.y, 32));
}

/** E and W as the seller posted them. */
export interface PostedKey {
  /** x ‖ y, 64 bytes. */
  readonly ephemeral: Bytes;
  /** 32 bytes. */
  readonly wrapped: Bytes;
}

/** Opens a posted key with the order's private key b (32 bytes). It makes b public. @throws BAD_KEY, BAD_POINT */
export function keyOpening(b: Bytes, posted: PostedKey): KeyOpening {
  return {
    b: toBigInt(b),
    buyerKey: pointOf(publicKeyOf(b)),
    ephemeral: pointOf(posted.ephemeral),
    wrapped: toHex(posted.wrapped),
    shared: pointOf(multiply(posted.ephemeral, b)),
  };
}

/** What the leaf of a chunk commits to. */
export interface LeafFields {
  readonly index: number;
  /** Plain bytes. */
  readonly length: number;
  /** cs_i, 16 bytes. */
  readonly salt: Bytes;
  readonly unitRoot: Bytes;
  /** kc_i, 32 bytes. */
  readonly keyCommit: Bytes;
}

export function leafInput(fields: LeafFields): Leaf {
  return {
    index: BigInt(fields.index),
    length: fields.length,
    salt: toHex(fields.salt),
    unitRoot: toHex(fields.unitRoot),
    keyCommit: toHex(fields.keyCommit),
  };
}

export interface UnitFields {
  readonly index: number;
  /** K_i, 32 bytes: public with the proof. */
  readonly chunkKey: Bytes;
  /** h_iu, 32 bytes. */
  readonly plainHash: Bytes;
  readonly cipher: Bytes;
  /** Of m_iu under the chunk's unit root. */
  readonly path: readonly Bytes[];
}

export function unitInput(fields: UnitFields): UnitOpening {
  return {
    index: fields.index,
    chunkKey: toHex(fields.chunkKey),
    plainHash: toHex(fields.plainHash),
    cipher: toHex(fields.cipher),
    path: pathInput(fields.path),
  };
}

export function pathInput(path: readonly Bytes[]): readonly Hex[] {
  return path.map(toHex);
}
