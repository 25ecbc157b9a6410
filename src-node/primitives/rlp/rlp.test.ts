import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, hexOf } from '../../base/bytes.ts';
import { decode, decodeFirst, encode, encodeListOf, encodeUint, encodedLength, itemLengthAt, uintIn, type RlpItem } from './index.ts';

const { item } = fc.letrec<{ item: RlpItem }>((tie) => ({
  item: fc.oneof({ depthSize: 'small', maxDepth: 5 }, fc.uint8Array({ maxLength: 70 }), fc.array(tie('item'), { maxLength: 5 })),
}));

describe('RLP', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(item, (value) => {
        const encoded = encode(value);
        expect(encoded.length).toBe(encodedLength(value));
        expect(decode(encoded)).toEqual(value);
        expect(itemLengthAt(encoded, 0)).toBe(encoded.length);
      }),
    );
  });

  it('accepts one encoding of a value only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 8 }), (bytes) => {
        let value: RlpItem;
        try {
          value = decode(bytes);
        } catch {
          return;
        }
        expect(hexOf(encode(value))).toBe(hexOf(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps integers minimal', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 1n << 300n }), (value) => uintIn(encodeUint(value)) === value));
    expect(encodeUint(0)).toHaveLength(0);
    expect(() => encodeUint(-1n)).toThrow(expect.objectContaining({ code: 'BAD_RLP' }));
  });

  it('writes long lengths', () => {
    const long = new Uint8Array(70_000).fill(1);
    expect(hexOf(encode(long).subarray(0, 4))).toBe('ba011170');
    expect(decode(encode([long, [long]]))).toEqual([long, [long]]);
    expect(encodeListOf([encode(long), encode([long])])).toEqual(encode([long, [long]]));
  });

  it.each(['8100', 'b801ff', 'b90001ff', 'f800', '80ff', 'c281', 'bfffffffffffffffff', 'c1', ''])('refuses %s', (hex) => {
    expect(() => decode(fromHex(hex))).toThrow(expect.objectContaining({ code: 'BAD_RLP' }));
  });

  it('refuses lists nested to exhaust the stack', () => {
    let nested: RlpItem = [];
    for (let i = 0; i < 30; i++) nested = [nested];
    expect(() => decode(encode(nested))).toThrow(expect.objectContaining({ code: 'BAD_RLP' }));
  });

  it('reads the first of several items, and waits for a head that is cut', () => {
    expect(decodeFirst(fromHex('83aabbccdd'))).toEqual(fromHex('aabbcc'));
    expect(itemLengthAt(fromHex('b9'), 0)).toBeNull();
    expect(itemLengthAt(fromHex('00b90100'), 1)).toBe(259);
  });
});
