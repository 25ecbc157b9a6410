import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../../base/bytes.ts';
import { frameKey } from './frame.ts';
import { EPOCH_COUNT, epochCommit, epochKey, keyFromNodes, rangeNodes, rangePlaces, type GgmNode } from './ggm.ts';

const root = new Uint8Array(32).fill(0x33);
const stream = { streamId: new Uint8Array(32).fill(0x5d), generation: 1 };
const keyAt = (epoch: number): string => hexOf(epochKey(root, { ...stream, epoch }));
const opened = (nodes: readonly GgmNode[], epoch: number): string | null => {
  const key = keyFromNodes(nodes, { ...stream, epoch });
  return key === null ? null : hexOf(key);
};

/** Spans anywhere, short ones mostly. */
const span = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 300 }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: EPOCH_COUNT }) })
  .chain((count) => fc.integer({ min: 0, max: EPOCH_COUNT - count }).map((from) => ({ from, to: from + count - 1 })));

describe('keys of epochs', () => {
  it('are the values that docs/protocol/11 §4.11 states', () => {
    const key = epochKey(root, { ...stream, epoch: 1000 });
    expect(hexOf(key)).toBe('5de75632b8341322480e8838d3d780b7441ca960ed7d39d4e92a5f407ffbf210');
    expect(hexOf(epochCommit(key))).toBe('bc38bd46c3e63ef19400778ebeb98a4b7ca4e01148072a4ad1fd4ada2d558f45');
    expect(hexOf(frameKey(key, { ...stream, epoch: 1000, runId: new Uint8Array(16).fill(0x99) }))).toBe('a029befe3468367bfe329fe5168b351209259ef81700d33f8cb967026cb36261');
  });

  it('of any span come out of its nodes, and no other epoch does', () => {
    fc.assert(fc.property(span, fc.array(fc.nat(EPOCH_COUNT - 1), { maxLength: 5 }), ({ from, to }, others) => {
      const nodes = rangeNodes(root, from, to);
      for (const epoch of [from, to, Math.floor((from + to) / 2), from - 1, to + 1, ...others]) {
        if (epoch < 0 || epoch >= EPOCH_COUNT) continue;
        expect(opened(nodes, epoch)).toBe(epoch >= from && epoch <= to ? keyAt(epoch) : null);
      }
    }), { numRuns: 60 });
  });

  it('of a span need at most 2·log₂ n nodes, which cover it once, in order', () => {
    fc.assert(fc.property(span, ({ from, to }) => {
      const places = rangePlaces(from, to);
      expect(places.length).toBeLessThanOrEqual(Math.max(1, 2 * Math.log2(to - from + 1)));
      let at = from;
      for (const { depth, prefix } of places) {
        expect(prefix * 2 ** (20 - depth)).toBe(at);
        at += 2 ** (20 - depth);
      }
      expect(at).toBe(to + 1);
    }));
    expect(Math.max(...Array.from({ length: 9_000 }, (_, from) => rangePlaces(from, from + 4_319).length))).toBe(16); // 30 days of 10 minutes
    expect(rangePlaces(0, EPOCH_COUNT - 1)).toEqual([{ depth: 0, prefix: 0 }]);
  });

  it('of two spans give their union and nothing else', () => {
    const near = fc.integer({ min: 0, max: 60 });
    fc.assert(fc.property(near, near, near, near, (a, b, c, d) => {
      const [first, second] = [[Math.min(a, b), Math.max(a, b)] as const, [Math.min(c, d), Math.max(c, d)] as const];
      const nodes = [...rangeNodes(root, ...first), ...rangeNodes(root, ...second)];
      const inside = (epoch: number): boolean => [first, second].some(([from, to]) => epoch >= from && epoch <= to);
      for (let epoch = 0; epoch <= 64; epoch++) expect(opened(nodes, epoch) !== null).toBe(inside(epoch));
    }), { numRuns: 60 });
  });

  it('differ by stream, generation and epoch', () => {
    const contexts = [{ ...stream, epoch: 7 }, { ...stream, epoch: 8 }, { ...stream, generation: 2, epoch: 7 }, { streamId: new Uint8Array(32), generation: 1, epoch: 7 }];
    expect(new Set(contexts.map((context) => hexOf(epochKey(root, context)))).size).toBe(4);
  });

  it('stop at the 2²⁰th', () => {
    for (const [from, to] of [[5, 4], [-1, 3], [0, EPOCH_COUNT], [0.5, 2]] as const) expect(() => rangePlaces(from, to)).toThrow(expect.objectContaining({ code: 'BAD_EPOCHS' }));
    expect(() => epochKey(root, { ...stream, epoch: EPOCH_COUNT })).toThrow(expect.objectContaining({ code: 'BAD_EPOCHS' }));
    expect(opened(rangeNodes(root, 0, EPOCH_COUNT - 1), EPOCH_COUNT)).toBeNull();
  });
});
