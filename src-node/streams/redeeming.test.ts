import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hex } from '../base/bytes.ts';
import { seconds } from '../base/clock.ts';
import { planWindow } from './plan-window.ts';
import { shareOf } from './redeeming.ts';

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`;

describe('what a voucher brings', () => {
  it('is the sum less the fee, by shares', () => {
    const redemption = { before: 0n, due: 10_000n, payees: [account(1), account(2)], shares: [7_500, 2_500], feeBps: 50 };
    expect([1, 2, 3].map((n) => shareOf(account(n), redemption))).toEqual([7_463n, 2_487n, 0n]);
  });

  it('comes to the same however often it is taken, and never to more than was signed', () => {
    const shares = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 16 }).map((cuts) => [...cuts, 10_000].toSorted((a, b) => a - b).map((cut, i, all) => cut - (all[i - 1] ?? 0)));
    fc.assert(
      fc.property(shares, fc.bigInt(0n, 10n ** 24n), fc.bigInt(0n, 10n ** 24n), fc.integer({ min: 0, max: 100 }), (list, one, two, feeBps) => {
        const [middle, due] = one < two ? [one, two] : [two, one];
        const payees = list.map((_, i) => account(i + 1));
        const sum = (before: bigint, after: bigint): bigint => payees.reduce((all, payee) => all + shareOf(payee, { before, due: after, payees, shares: list, feeBps }), 0n);
        for (const payee of payees) {
          const taken = (before: bigint, after: bigint): bigint => shareOf(payee, { before, due: after, payees, shares: list, feeBps });
          expect(taken(0n, middle) + taken(middle, due)).toBe(taken(0n, due));
        }
        expect(sum(0n, due)).toBe(due - (due * BigInt(feeBps)) / 10_000n);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what can be lost', () => {
  it('is the window of a plan by message, and the epochs that keys are out for of a plan by time', () => {
    const stream = { ahead: 6, epochSeconds: seconds(600) };
    expect(planWindow(stream, { kind: 'metered', window: 50, unitPrice: 3n })).toEqual({ units: 50, amount: 150n });
    expect(planWindow(stream, { kind: 'period', window: 50, unitPrice: 3n })).toEqual({ units: 4_200, amount: 12_600n });
    expect(planWindow({ ...stream, ahead: 0 }, { kind: 'period', window: 0, unitPrice: 3n })).toEqual({ units: 600, amount: 1_800n });
  });
});
