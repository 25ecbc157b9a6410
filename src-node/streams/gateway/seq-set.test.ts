import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeqSet } from './seq-set.ts';

describe('delivered numbers', () => {
  it('are what a plain set of them holds, in spans that do not touch', () => {
    const span = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 12 })).map(([from, length]) => [from, from + length] as const);
    fc.assert(fc.property(fc.array(span, { maxLength: 30 }), span, (spans, [from, end]) => {
      const set = new SeqSet();
      const plain = new Set<number>();
      for (const [a, b] of spans) {
        set.add(BigInt(a), BigInt(b));
        for (let n = a; n < b; n++) plain.add(n);
      }
      expect(Number(set.overlap(BigInt(from), BigInt(end)))).toBe(Array.from({ length: end - from }, (_, i) => from + i).filter((n) => plain.has(n)).length);
      const kept = set.spans();
      for (let i = 1; i < kept.length; i++) expect(kept[i]![0]).toBeGreaterThan(kept[i - 1]![1]);
      expect(kept.reduce((sum, [a, b]) => sum + Number(b - a), 0)).toBe(plain.size);
      expect(new SeqSet(kept).spans()).toEqual(kept);
    }));
  });

  it('go lowest first, below a bound and no more than are asked for', () => {
    const span = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 12 })).map(([from, length]) => [BigInt(from), BigInt(from + length)] as const);
    fc.assert(fc.property(fc.array(span, { maxLength: 10 }), fc.nat(80), fc.nat(80), (spans, before, count) => {
      const set = new SeqSet(spans);
      const plain = set.spans().flatMap(([from, end]) => Array.from({ length: Number(end - from) }, (_, i) => Number(from) + i));
      const gone = plain.filter((n) => n < before).slice(0, count);
      expect(set.takeLowest(BigInt(before), BigInt(count))).toBe(BigInt(gone.length));
      const left = set.spans().flatMap(([from, end]) => Array.from({ length: Number(end - from) }, (_, i) => Number(from) + i));
      expect(left).toEqual(plain.filter((n) => !gone.includes(n)));
      expect(set.spans().every(([from, end]) => from < end)).toBe(true);
    }));
  });
});
