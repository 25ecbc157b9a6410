import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact, fromBigInt, hexOf, minimalBytes, toBigInt } from './bytes.ts';
import { byteKey, bytesOfKey } from './byte-key.ts';

const integer = fc.integer({ min: 0, max: 320 }).chain((bits) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }));

function hexDigits(value: bigint): string {
  const digits = value === 0n ? '' : value.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

it('keeps no more than twice the memory of bytes that are to stay', () => {
  const chunk = new Uint8Array(100).fill(7);
  const [half, less] = [chunk.subarray(50), chunk.subarray(51)];
  expect(compact(half)).toBe(half);
  expect(compact(less)).toEqual(less);
  expect(compact(less).buffer.byteLength).toBe(49);
});

describe('integers as bytes', () => {
  it('are the hex digits of the number', () => {
    fc.assert(
      fc.property(integer, fc.integer({ min: 0, max: 4 }), (value, more) => {
        const digits = hexDigits(value);
        const length = digits.length / 2 + more;
        expect(hexOf(minimalBytes(value))).toBe(digits);
        expect(hexOf(fromBigInt(value, length))).toBe(digits.padStart(length * 2, '0'));
        expect(toBigInt(fromBigInt(value, length))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('hold numbers at the edges of what they are made of', () => {
    for (const bits of [0n, 8n, 47n, 48n, 53n, 56n, 63n, 64n, 127n, 128n, 255n, 256n, 257n]) {
      for (const value of [(1n << bits) - 1n, 1n << bits, (1n << bits) + 1n]) {
        expect(hexOf(minimalBytes(value))).toBe(hexDigits(value));
        expect(toBigInt(minimalBytes(value))).toBe(value);
        if (value <= BigInt(Number.MAX_SAFE_INTEGER)) expect(hexOf(minimalBytes(Number(value)))).toBe(hexDigits(value));
      }
    }
  });

  it('refuse what does not fit', () => {
    for (const [value, length] of [[256n, 1], [1n, 0], [1n << 160n, 20], [1n << 256n, 32], [1n << 272n, 33], [-1n, 1], [-1n, 32], [-(1n << 256n), 32], [-1n, 40]] as const) {
      expect(() => fromBigInt(value, length)).toThrow(expect.objectContaining({ code: 'BAD_INTEGER' }));
    }
    expect(() => minimalBytes(-1n)).toThrow(expect.objectContaining({ code: 'BAD_INTEGER' }));
    expect(() => minimalBytes(-1)).toThrow(expect.objectContaining({ code: 'BAD_INTEGER' }));
  });
});

describe('bytes as keys of a map', () => {
  it('come back, and differ where the bytes differ', () => {
    fc.assert(
      fc.property(fc.oneof(...[20, 32, 33].map((size) => fc.uint8Array({ minLength: size, maxLength: size })), fc.uint8Array()), (bytes) => {
        expect(hexOf(bytesOfKey(byteKey(bytes)))).toBe(hexOf(bytes));
        expect(byteKey(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
      }),
    );
  });
});
