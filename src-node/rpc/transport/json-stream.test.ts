import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonStream } from './json-stream.ts';

const value = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));

describe('a stream of JSON', () => {
  it('gives its values however it is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.constantFrom('', ' ', '\n', '\r\n\t'))), fc.array(fc.nat()), (values, cuts) => {
        const text = values.map(([one, space]) => JSON.stringify(one) + space).join('');
        const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
        const stream = new JsonStream(1_000_000);
        const found: string[] = [];
        let from = 0;
        for (const to of [...at, text.length]) {
          found.push(...(stream.push(text.slice(from, to)) ?? expect.fail('it was refused')));
          from = to;
        }
        expect(found).toEqual(values.map(([one]) => JSON.stringify(one)));
      }),
    );
  });

  it('refuses what no request begins with, and what has no end', () => {
    expect(new JsonStream(100).push('true')).toBeUndefined();
    expect(new JsonStream(100).push('{} x')).toBeUndefined();
    const endless = new JsonStream(100);
    expect(endless.push('['.repeat(100))).toEqual([]);
    expect(endless.push('[')).toBeUndefined();
    expect(new JsonStream(100).push('{}'.repeat(500))).toHaveLength(500);
  });
});
