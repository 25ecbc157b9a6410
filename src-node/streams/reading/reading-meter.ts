import { millis, toMillis, type Millis } from '../../base/clock.ts';
import type { ReaderState } from '../client/reader-store.ts';
import type { StreamRow } from '../client/row.ts';
import { dayOf } from '../client/spend.ts';
import { planWindow } from '../plan-window.ts';
import { RateMeter } from './rate-meter.ts';
import type { ReadChannel } from './read-channel.ts';
import type { ReadingView, SpendView } from './views.ts';

const DAY_MILLIS = 86_400_000;
const HOUR_MILLIS = 3_600_000;
const RATE_MILLIS = 10_000;
const MARKS = [100, 80, 50] as const;

type Measured = Pick<ReadingView, 'ratePerSecond' | 'lagMillis' | 'epoch' | 'epochEndsAt' | 'signature' | 'batches' | 'refusedBatches' | 'lastSeq' | 'lastAt'>;

/** What came of one channel and what it costs. */
export class ReadingMeter {
  readonly #rate: RateMeter;
  /** Base units. */
  readonly #costs: RateMeter;
  #state: ReaderState;
  #batches = 0;
  #refused = 0;
  #last: { readonly seq: number; readonly at: Millis; readonly epoch: number; readonly arrived: Millis } | null = null;
  /** Frames that were read over the life of the channel: those before this connection, and those since. */
  #counted: { before: bigint; since: bigint };
  /** Base units, by the last voucher. */
  #signed: bigint;

  constructor(state: ReaderState, now: Millis) {
    this.#state = state;
    this.#counted = { before: state.counted, since: 0n };
    this.#signed = state.spend.amount;
    this.#rate = new RateMeter(millis(RATE_MILLIS), now);
    this.#costs = new RateMeter(millis(HOUR_MILLIS), now);
  }

  /** When the last row came here; null before the first. */
  get lastArrived(): Millis | null {
    return this.#last?.arrived ?? null;
  }

  /** A connection begins there. */
  begin(state: ReaderState): void {
    this.#state = state;
    this.#counted = { before: state.counted, since: 0n };
    this.#signed = state.spend.amount;
  }

  saved(state: ReaderState): void {
    this.#state = state;
    // a voucher of another copy of this wallet counts as read
    const { before, since } = this.#counted;
    if (state.counted > before + since) this.#counted = { before: state.counted - since, since };
  }

  row({ seq, record, epoch }: StreamRow, now: Millis): void {
    this.#counted.since += 1n;
    this.#last = { seq: Number(seq), at: record.timeMillis, epoch, arrived: now };
    this.#rate.add(1, now);
  }

  batch(): void {
    this.#batches += 1;
  }

  refused(): void {
    this.#refused += 1;
  }

  /** @param amount of the voucher, in base units */
  paid(amount: bigint, now: Millis): void {
    this.#costs.add(Number(amount - this.#signed), now);
    this.#signed = amount;
  }

  measured({ stream }: ReadChannel, now: Millis): Measured {
    const rate = this.#rate.perMilli(now);
    const last = this.#last;
    return {
      ratePerSecond: rate === null ? null : rate * 1000, lagMillis: last === null ? null : last.arrived - last.at,
      epoch: last?.epoch ?? null, epochEndsAt: last === null ? null : millis(toMillis(stream.startSeconds) + (last.epoch + 1) * toMillis(stream.epochSeconds)),
      signature: this.#refused > 0 ? 'refused' : this.#batches > 0 ? 'valid' : 'none-yet', batches: this.#batches, refusedBatches: this.#refused,
      lastSeq: last?.seq ?? null, lastAt: last?.at ?? null,
    };
  }

  /** @param capPerDay base units; null for none */
  spend({ channel, stream, plan }: ReadChannel, capPerDay: bigint | null, now: Millis): SpendView {
    const { units, amount, day, spentToday: spent } = this.#state.spend;
    const today = dayOf(now);
    const spentToday = day === today ? spent : 0n;
    const window = planWindow(stream, plan);
    const unsigned = this.#counted.before + this.#counted.since - units;
    const cost = this.#costs.perMilli(now);
    return {
      kind: plan.kind, unitPrice: plan.unitPrice, spentToday, capPerDay, dayEndsAt: millis((today + 1) * DAY_MILLIS), deposit: channel.deposit, signed: amount, paid: channel.paid,
      owed: plan.kind === 'metered' && unsigned > 0n ? unsigned * plan.unitPrice : 0n, window: window.units, windowAmount: window.amount,
      lastsMillis: cost === null || cost === 0 ? null : Math.floor(Math.max(0, Number(channel.deposit - amount)) / cost),
      warning: capPerDay === null ? null : (MARKS.find((mark) => spentToday * 100n >= capPerDay * BigInt(mark)) ?? null),
    };
  }
}
