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

/** Big-endian value of up to any length; empty is 0. */
export function toBigInt(bytes: Bytes): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}

/** Big-endian, left-padded to `length`. @throws BAD_INTEGER when it is negative or does not fit */
export function fromBigInt(value: bigint, length: number): Bytes {
  const digits = value.toString(16);
  if (value < 0n || digits.length > length * 2) throw new CodedError('BAD_INTEGER', `The number does not fit ${length} bytes.`);
  return new Uint8Array(Buffer.from(digits.padStart(length * 2, '0'), 'hex'));
}

/** Left-pads with zeros. @throws BAD_INTEGER when it is longer */
export function padLeft(bytes: Bytes, length: number): Bytes {
  if (bytes.length === length) return bytes;
  if (bytes.length > length) throw new CodedError('BAD_INTEGER', `${bytes.length} bytes do not fit ${length}.`);
  const out = new Uint8Array(length);
  out.set(bytes, length - bytes.length);
  return out;
}
