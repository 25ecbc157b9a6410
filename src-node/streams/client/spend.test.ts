import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis } from '../../base/clock.ts';
import type { StreamPlan } from '../stream-chain.ts';
import { NOTHING_SPENT, SpendGuard, type SpendDecision, type SpendState } from './spend.ts';

const channelId = new Uint8Array(32).fill(9);
const plan: StreamPlan = { planId: 1, planHash: new Uint8Array(32).fill(8), kind: 'metered', unitPrice: 10n, window: 50, licenceHash: new Uint8Array(32), splitHash: new Uint8Array(32), active: true };
const NOW = millis(1_800_000_000_000);
const DAY = 86_400_000;
const guard = (dailyCap: bigint | null, state: Partial<SpendState> = {}): SpendGuard => new SpendGuard({ channelId, plan, epochSeconds: 600, dailyCap }, { ...NOTHING_SPENT, ...state });

/** Signs what may be signed. @returns [units, amount, epochTo, highest level], or why nothing */
function sign(spend: SpendGuard, decision: SpendDecision, now = NOW): unknown {
  if (decision.sign === null) return decision.why;
  const { cumulativeUnits, cumulativeAmount, epochTo } = decision.sign;
  return [cumulativeUnits, cumulativeAmount, epochTo, spend.signed(decision.sign, now).at(-1) ?? null];
}

describe('messages', () => {
  it('are paid by the price of the plan, all that were read and none twice', () => {
    const spend = guard(null);
    expect(sign(spend, spend.forMessages(30n, 1000n, NOW))).toEqual([30n, 300n, 0, null]);
    expect(sign(spend, spend.forMessages(30n, 1000n, NOW))).toBe('nothing');
    expect(sign(spend, spend.forMessages(20n, 1000n, NOW))).toBe('nothing');
    expect(sign(spend, spend.forMessages(41n, 1000n, NOW))).toEqual([41n, 410n, 0, null]);
  });

  it('are paid up to the cap of the day with a word at 50, 80 and 100 %, and on the next day again', () => {
    const spend = guard(1000n);
    expect(sign(spend, spend.forMessages(49n, 9999n, NOW))).toEqual([49n, 490n, 0, null]);
    expect(sign(spend, spend.forMessages(50n, 9999n, NOW))).toEqual([50n, 500n, 0, 50]);
    expect(sign(spend, spend.forMessages(85n, 9999n, NOW))).toEqual([85n, 850n, 0, 80]);
    expect(sign(spend, spend.forMessages(150n, 9999n, NOW))).toEqual([100n, 1000n, 0, 100]);
    expect(sign(spend, spend.forMessages(150n, 9999n, NOW))).toBe('cap');
    const tomorrow = millis(NOW + DAY);
    expect(sign(spend, spend.forMessages(150n, 9999n, tomorrow), tomorrow)).toEqual([150n, 1500n, 0, 50]);
    expect(spend.spentOn(tomorrow)).toBe(500n);
  });

  it('that pass several levels at once say each', () => {
    const spend = guard(1000n);
    const decision = spend.forMessages(100n, 9999n, NOW);
    expect(decision.sign === null ? [] : spend.signed(decision.sign, NOW)).toEqual([50, 80, 100]);
  });

  it('are not paid above the cap when the clock steps back over midnight and on again', () => {
    const spend = guard(1000n);
    sign(spend, spend.forMessages(100n, 9999n, NOW));
    const yesterday = millis(NOW - DAY);
    expect(sign(spend, spend.forMessages(150n, 9999n, yesterday), yesterday)).toBe('cap');
    expect(sign(spend, spend.forMessages(150n, 9999n, NOW))).toBe('cap');
  });
  it('are paid up to the deposit', () => {
    const spend = guard(null);
    expect(sign(spend, spend.forMessages(50n, 305n, NOW))).toEqual([30n, 300n, 0, null]);
    expect(sign(spend, spend.forMessages(50n, 305n, NOW))).toBe('deposit');
    expect(sign(spend, spend.forMessages(50n, 500n, NOW))).toEqual([50n, 500n, 0, null]);
  });

  it('never cost more than the cap of a day, the deposit, or the price of what was read', () => {
    const steps = fc.array(fc.record({ read: fc.nat(100), hours: fc.nat(30), deposit: fc.nat(5000) }), { maxLength: 40 });
    fc.assert(fc.property(steps, fc.bigInt(1n, 2000n), (all, cap) => {
      const spend = guard(cap);
      const perDay = new Map<number, bigint>();
      let [now, counted, deposit] = [NOW as number, 0n, 0n];
      for (const { read, hours, deposit: more } of all) {
        now += hours * 3_600_000;
        counted += BigInt(read);
        deposit = deposit > BigInt(more) ? deposit : BigInt(more);
        const { sign: voucher } = spend.forMessages(counted, deposit, millis(now));
        if (voucher === null) continue;
        const day = Math.floor(now / DAY);
        perDay.set(day, (perDay.get(day) ?? 0n) + voucher.cumulativeAmount - spend.state.amount);
        expect(voucher.cumulativeUnits > spend.state.units && voucher.cumulativeUnits <= counted).toBe(true);
        expect(voucher.cumulativeAmount).toBe(voucher.cumulativeUnits * 10n);
        expect(voucher.cumulativeAmount <= deposit).toBe(true);
        expect(perDay.get(day)! <= cap).toBe(true);
        spend.signed(voucher, millis(now));
      }
    }));
  });
});

describe('time', () => {
  it('is paid by whole epochs, first from now, then behind what is paid, and what was missed is not paid', () => {
    const spend = guard(null);
    expect(sign(spend, spend.forTime({ now: 100, to: 106 }, 1_000_000n, NOW))).toEqual([4200n, 42_000n, 106, null]);
    expect(sign(spend, spend.forTime({ now: 100, to: 106 }, 1_000_000n, NOW))).toBe('nothing');
    expect(sign(spend, spend.forTime({ now: 101, to: 107 }, 1_000_000n, NOW))).toEqual([4800n, 48_000n, 107, null]);
    expect(sign(spend, spend.forTime({ now: 200, to: 200 }, 1_000_000n, NOW))).toEqual([5400n, 54_000n, 200, null]);
  });

  it('is paid as far as cap and deposit go, and never for a part of an epoch', () => {
    const spend = guard(20_000n);
    expect(sign(spend, spend.forTime({ now: 100, to: 106 }, 1_000_000n, NOW))).toEqual([1800n, 18_000n, 102, 80]);
    expect(sign(spend, spend.forTime({ now: 100, to: 106 }, 1_000_000n, NOW))).toBe('cap');
    const poor = guard(null);
    expect(sign(poor, poor.forTime({ now: 100, to: 106 }, 5999n, NOW))).toBe('deposit');
  });
});

it('a voucher of before counts when it is higher, of this channel and plan', () => {
  const spend = guard(null);
  const known = { channelId, planHash: plan.planHash, cumulativeUnits: 20n, cumulativeAmount: 200n, epochTo: 0 };
  spend.know(known);
  spend.know({ ...known, cumulativeUnits: 10n, cumulativeAmount: 100n });
  spend.know({ ...known, channelId: new Uint8Array(32), cumulativeAmount: 900n });
  expect(sign(spend, spend.forMessages(25n, 1000n, NOW))).toEqual([25n, 250n, 0, null]);
  expect(spend.spentOn(NOW)).toBe(50n);
});
