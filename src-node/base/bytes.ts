/** Byte helpers shared by every floor. Integers are big-endian unless the name says otherwise. */
import { CodedError } from './errors.ts';

export type Bytes = Uint8Array;
/** "0x" + lower-case hex. */
export type Hex = `0x${string}`;

const encoder = new TextEncoder();

export const EMPTY_BYTES: Bytes = new Uint8Array(0);

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Buffer view of the same memory, without a copy. */
export function asBuffer(bytes: Bytes): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Lower-case hex without prefix. */
export function hexOf(bytes: Bytes): string {
  return asBuffer(bytes).toString('hex');
}

export function toHex(bytes: Bytes): Hex {
  return `0x${hexOf(bytes)}`;
}

const HEX = /^(?:0x)?(?:[0-9a-fA-F]{2})*$/;

/** Strict: even number of digits, "0x" optional. @throws BAD_HEX */
export function fromHex(text: string): Bytes {
  if (!HEX.test(text)) throw new CodedError('BAD_HEX', 'The text is not an even number of hex digits.');
  return new Uint8Array(Buffer.from(text.startsWith('0x') ? text.slice(2) : text, 'hex'));
}

/** @throws BAD_HEX when it has not exactly `length` bytes */
export function fromHexSized(text: string, length: number): Bytes {
  const bytes = fromHex(text);
  if (bytes.length !== length) throw new CodedError('BAD_HEX', `Expected ${length} bytes of hex, got ${bytes.length}.`);
  return bytes;
}

/** Views of the parts of `size` bytes each. */
export function split(joined: Bytes, size: number): Bytes[] {
  return Array.from({ length: joined.length / size }, (_, i) => joined.subarray(i * size, (i + 1) * size));
}

/** The same, for who keeps it: in memory of its own when it is less than half of what it stands in. */
export function compact(bytes: Bytes): Bytes {
  return 2 * bytes.length < bytes.buffer.byteLength ? new Uint8Array(bytes) : bytes;
}

export function concat(...parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function equal(a: Bytes, b: Bytes): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function isZero(bytes: Bytes): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

/** Unsigned lexicographic order. */
export function compare(a: Bytes, b: Bytes): number {
  return Buffer.compare(a, b);
}

export function u16be(value: number): Bytes {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

export function u32be(value: number): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

export function u64be(value: bigint | number): Bytes {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}

/** A word of 32 bytes to read and write as four limbs, which takes a quarter of the time that hex digits take. */
const WORD = 32;
const word = new Uint8Array(WORD);
const limbs = new DataView(word.buffer);
/** Bytes of the largest integers that a number holds exactly. */
const EXACT = 6;
const EXACT_LIMIT = 256 ** EXACT;

/** Big-endian value of up to any length; empty is 0. */
export function toBigInt(bytes: Bytes): bigint {
  const { length } = bytes;
  if (length > WORD) return BigInt(toHex(bytes));
  if (length <= EXACT) {
    let small = 0;
    for (let i = 0; i < length; i++) small = small * 256 + (bytes[i] ?? 0);
    return BigInt(small);
  }
  const start = WORD - length;
  const first = start - (start % 8);
  for (let i = first; i < start; i++) word[i] = 0;
  for (let i = 0; i < length; i++) word[start + i] = bytes[i] ?? 0;
  let value = limbs.getBigUint64(first);
  for (let at = first + 8; at < WORD; at += 8) value = (value << 64n) | limbs.getBigUint64(at);
  return value;
}

/** Big-endian, left-padded to `length`. @throws BAD_INTEGER when it is negative or does not fit */
export function fromBigInt(value: bigint, length: number): Bytes {
  if (length > WORD) return padLeft(minimalBytes(value), length);
  const used = writeLimbs(value);
  if (used > length) throw new CodedError('BAD_INTEGER', `The number does not fit ${length} bytes.`);
  return word.slice(WORD - length);
}

/** Big-endian without leading zeros; 0 is empty. @throws BAD_INTEGER when it is negative */
export function minimalBytes(value: bigint | number): Bytes {
  if (value < EXACT_LIMIT && value >= 0) return minimalBytesOfNumber(Number(value));
  const integer = BigInt(value);
  const used = writeLimbs(integer);
  if (used <= WORD) return word.slice(WORD - used);
  const digits = integer.toString(16);
  if (integer < 0n) throw new CodedError('BAD_INTEGER', 'A negative number has no bytes.');
  return new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'));
}

function minimalBytesOfNumber(value: number): Bytes {
  let length = 0;
  for (let rest = value; rest >= 1; rest /= 256) length++;
  const out = new Uint8Array(length);
  for (let at = length - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256)) out[at] = rest;
  return out;
}

/** Writes the value to the end of `word`, zeros before it. @returns the bytes it needs; Infinity when it is negative or has more than 32 */
function writeLimbs(value: bigint): number {
  let rest = value;
  for (let at = WORD - 8; at >= 0; at -= 8) {
    limbs.setBigUint64(at, rest); // keeps the low 64 bits
    rest >>= 64n;
  }
  if (rest !== 0n) return Infinity;
  let zeros = 0;
  while (zeros < WORD && word[zeros] === 0) zeros++;
  return WORD - zeros;
}

/** Left-pads with zeros. @throws BAD_INTEGER when it is longer */
export function padLeft(bytes: Bytes, length: number): Bytes {
  if (bytes.length === length) return bytes;
  if (bytes.length > length) throw new CodedError('BAD_INTEGER', `${bytes.length} bytes do not fit ${length}.`);
  const out = new Uint8Array(length);
  out.set(bytes, length - bytes.length);
  return out;
}
