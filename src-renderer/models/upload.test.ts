import { describe, expect, it } from 'vitest';
import { uploadFile, UploadStoppedError, type UploadTransport } from './upload.ts';

const file = new Blob([new Uint8Array(20_000_000).fill(7)]);

/** Takes pieces in order; fails those whose number is in `failing`. */
function node(failing: ReadonlySet<number>, start = 0): UploadTransport & { readonly received: () => number } {
  let arrived = start;
  let calls = 0;
  return {
    received: () => arrived,
    offset: () => Promise.resolve(arrived),
    put: (_id, piece, first) => {
      calls += 1;
      if (failing.has(calls) || first !== arrived) return Promise.reject(new TypeError('network'));
      arrived += piece.size;
      return Promise.resolve(arrived);
    },
  };
}

describe('an upload', () => {
  it('arrives whole, over a broken connection, from where it stood', async () => {
    const transport = node(new Set([2, 3]), 1000);
    const shown: number[] = [];
    await uploadFile('id', file, (done) => shown.push(done), transport);
    expect(transport.received()).toBe(file.size);
    expect(shown.at(-1)).toBe(file.size);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  });

  it('gives up with a name when nothing is taken', async () => {
    await expect(uploadFile('id', file, () => undefined, node(new Set(Array.from({ length: 50 }, (_, i) => i))))).rejects.toBeInstanceOf(UploadStoppedError);
  });
});
