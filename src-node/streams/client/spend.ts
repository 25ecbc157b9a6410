/**
 * What a reader signs (docs/protocol/11 §4.12). Amounts are computed here from the plan, never taken from a gateway; time is paid one window
 * ahead, messages after they were read; a cap of the day is never passed.
 */
import { equal, type Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { VoucherMessage } from '../../contracts/typed-data.ts';
import type { StreamPlan } from '../stream-chain.ts';

export interface SpendOptions {
  readonly channelId: Bytes;
  readonly plan: StreamPlan;
  readonly epochSeconds: number;
  /** Base units a day (UTC); null for no other bound than the deposit. */
  readonly dailyCap: bigint | null;
}

/** Cumulative over the life of the channel. */
export interface SpendState {
  readonly units: bigint;
  readonly amount: bigint;
  readonly epochTo: number;
  /** Days since 1970 (UTC) of `spentToday`. */
  readonly day: number;
  readonly spentToday: bigint;
}

export const NOTHING_SPENT: SpendState = { units: 0n, amount: 0n, epochTo: 0, day: 0, spentToday: 0n };

/** `nothing`: no more is due. `cap`: of the day. `deposit`: of the channel. */
export type SpendDecision = { readonly sign: VoucherMessage } | { readonly sign: null; readonly why: 'nothing' | 'cap' | 'deposit' };

export type BudgetLevel = 50 | 80 | 100;
const LEVELS: readonly BudgetLevel[] = [50, 80, 100];
const DAY_MILLIS = 86_400_000;

export class SpendGuard {
  readonly #options: SpendOptions;
  #state: SpendState;

  constructor(options: SpendOptions, state: SpendState) {
    this.#options = options;
    this.#state = state;
  }

  get state(): SpendState {
    return this.#state;
  }

  /** A voucher that was signed before, by this program or another copy of it: the higher one counts. Its signature was checked. */
  know({ channelId, planHash, cumulativeUnits, cumulativeAmount, epochTo }: VoucherMessage): void {
    const { units, amount } = this.#state;
    if (!equal(channelId, this.#options.channelId) || !equal(planHash, this.#options.plan.planHash) || cumulativeAmount <= amount) return;
    this.#state = { ...this.#state, units: cumulativeUnits > units ? cumulativeUnits : units, amount: cumulativeAmount, epochTo: Math.max(epochTo, this.#state.epochTo) };
  }

  /** @param counted frames that were read, verified and decrypted over the life of the channel */
  forMessages(counted: bigint, deposit: bigint, now: Millis): SpendDecision {
    const due = counted - this.#state.units;
    return this.#decide(due, 1n, deposit, now, () => 0);
  }

  /** Whole epochs, from the first that is neither paid nor over up to `to`. */
  forTime(epochs: { readonly now: number; readonly to: number }, deposit: bigint, now: Millis): SpendDecision {
    const from = this.#state.units === 0n ? epochs.now : Math.max(this.#state.epochTo + 1, epochs.now);
    const size = BigInt(this.#options.epochSeconds);
    return this.#decide(BigInt(Math.max(0, epochs.to - from + 1)) * size, size, deposit, now, (units) => from + Number(units / size) - 1);
  }

  /** Written down before it is sent. @returns the levels of the budget of the day that it passes, lowest first */
  signed({ cumulativeUnits, cumulativeAmount, epochTo }: VoucherMessage, now: Millis): readonly BudgetLevel[] {
    const before = this.#spentOn(now);
    const spentToday = before + cumulativeAmount - this.#state.amount;
    this.#state = { units: cumulativeUnits, amount: cumulativeAmount, epochTo, day: Math.max(this.#state.day, dayOf(now)), spentToday };
    const { dailyCap } = this.#options;
    if (dailyCap === null) return [];
    return LEVELS.filter((level) => spentToday * 100n >= dailyCap * BigInt(level) && before * 100n < dailyCap * BigInt(level));
  }

  /** Of the day, in base units. */
  spentOn(now: Millis): bigint {
    return this.#spentOn(now);
  }

  #decide(due: bigint, step: bigint, deposit: bigint, now: Millis, epochTo: (units: bigint) => number): SpendDecision {
    const { plan, dailyCap, channelId } = this.#options;
    if (due <= 0n) return { sign: null, why: 'nothing' };
    const { units, amount } = this.#state;
    // a free plan is signed for too: it says what was read
    const affordable = (room: bigint): bigint => (plan.unitPrice === 0n ? due : room < 0n ? 0n : room / plan.unitPrice);
    // the amount of all units, whatever was signed for them before
    const base = amount - units * plan.unitPrice;
    const byDeposit = affordable(deposit - amount + base);
    const byCap = dailyCap === null ? due : affordable(dailyCap - this.#spentOn(now) + base);
    const allowed = least(due, byDeposit, byCap);
    const more = allowed - (allowed % step);
    if (more === 0n) return { sign: null, why: byDeposit < step ? 'deposit' : 'cap' };
    const cumulativeUnits = units + more;
    const price = cumulativeUnits * plan.unitPrice;
    return { sign: { channelId, cumulativeUnits, cumulativeAmount: price > amount ? price : amount, epochTo: epochTo(more), planHash: plan.planHash } };
  }

  /** A clock that steps back does not begin the day anew. */
  #spentOn(now: Millis): bigint {
    return this.#state.day >= dayOf(now) ? this.#state.spentToday : 0n;
  }
}

/** UTC, since 1970. */
export function dayOf(now: Millis): number {
  return Math.floor(now / DAY_MILLIS);
}

function least(...values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a < b ? a : b));
}
