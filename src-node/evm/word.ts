/** 256-bit words as bigint in 0 … 2^256−1, and their big-endian bytes. */
import { fromBigInt, type Bytes } from '../base/bytes.ts';

export const WORD_SIZE = 1n << 256n;
export const WORD_MASK = WORD_SIZE - 1n;
const SIGN_BIT = 1n << 255n;
const ADDRESS_MASK = (1n << 160n) - 1n;

/** Two's complement value. */
export function toSigned(word: bigint): bigint {
  return word >= SIGN_BIT ? word - WORD_SIZE : word;
}

/** Word of a value in −2^256 < value < 2^256. */
export function fromSigned(value: bigint): bigint {
  return value < 0n ? value + WORD_SIZE : value;
}

/** The right-most 20 bytes. */
export function addressOfWord(word: bigint): Bytes {
  return fromBigInt(word & ADDRESS_MASK, 20);
}

/** The 32 bytes at `offset`, all of which must be inside the view. */
export function readWord(view: DataView, offset: number): bigint {
  const low = view.getBigUint64(offset + 24);
  if (isZeroAt(view, offset, 24)) return low; // most words are small: one limb instead of four
  const high = (view.getBigUint64(offset) << 64n) | view.getBigUint64(offset + 8);
  return (high << 128n) | (view.getBigUint64(offset + 16) << 64n) | low;
}

function isZeroAt(view: DataView, offset: number, length: number): boolean {
  for (let at = offset; at < offset + length; at += 4) if (view.getUint32(at) !== 0) return false;
  return true;
}

/** Writes 32 bytes at `offset`; the setter keeps the low 64 bits of what it gets. */
export function writeWord(view: DataView, offset: number, word: bigint): void {
  view.setBigUint64(offset + 24, word);
  const rest = word >> 64n;
  view.setBigUint64(offset + 16, rest);
  view.setBigUint64(offset + 8, rest >> 64n);
  view.setBigUint64(offset, rest >> 128n);
}
