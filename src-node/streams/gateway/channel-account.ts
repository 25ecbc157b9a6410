/**
 * What one channel was given and has signed for (docs/protocol/11 §4.12). Kept in the stream's `keys` table, one row per instance of the
 * gateway, so that instances over one log know each other's: the best voucher is the highest of all rows, what is owed is what any of them delivered.
 */
import type { Bytes } from '../../base/bytes.ts';
import type { ChannelRecord, StreamPlan } from '../stream-chain.ts';
import { newRow, readRow, rowBytes, type ChannelRow } from './channel-row.ts';
import type { KeyTable } from './key-table.ts';
import { refusal } from './refusal.ts';
import { SeqSet } from './seq-set.ts';
import type { TailEntry } from './batch-ring.ts';
import { MAX_DELIVERED_SPANS, type ChannelAnswer, type SignedVoucher, type Subscriber } from './wire.ts';

/** Of the units that were signed for, one in so many. */
const FORGIVEN_PART = 32n;

/** `serve`, or why not: `pay` until a voucher comes, `deposit` until it is raised, `unpaid` for an epoch that was left out when paying went on. */
export type Admission = 'serve' | 'pay' | 'deposit' | 'unpaid';

export class ChannelAccount {
  readonly channelId: Bytes;
  readonly #table: KeyTable;
  readonly #instance: string;
  readonly #plan: StreamPlan;
  readonly #epochSeconds: number;
  readonly #own: ChannelRow;
  readonly #others = new Map<string, { readonly bytes: Bytes; readonly row: ChannelRow }>();
  #isDirty = false;

  constructor(options: { readonly channelId: Bytes; readonly instance: string; readonly plan: StreamPlan; readonly epochSeconds: number }, table: KeyTable) {
    this.channelId = options.channelId;
    this.#plan = options.plan;
    this.#epochSeconds = options.epochSeconds;
    this.#table = table;
    this.#instance = options.instance;
    const kept = table.accounts(options.channelId).get(options.instance);
    this.#own = kept === undefined ? newRow() : readRow(kept);
  }

  /** The highest that is known. */
  get best(): SignedVoucher | null {
    return this.#rows().reduce<SignedVoucher | null>((best, { voucher }) => (voucher !== null && (best === null || voucher.cumulativeAmount > best.cumulativeAmount) ? voucher : best), null);
  }

  /** Units that are signed for. */
  get signed(): bigint {
    return this.best?.cumulativeUnits ?? 0n;
  }

  /** Units that were delivered; of a time plan those that are signed. */
  get owed(): bigint {
    if (this.#plan.kind === 'period') return this.signed;
    const rows = this.#rows();
    const sum = rows.reduce((total, { owed, forgiven }) => total + owed - forgiven.unnamed, 0n);
    // two instances delivered, or forgave, the same before one knew of the other's
    const owed = rows.length === 1 ? sum : sum - rows.reduce((total, { delivered }) => total + delivered.size, 0n) + unionOf(rows).size;
    return owed > 0n ? owed : 0n;
  }

  /** Delivered and not signed for, base units. */
  get unsigned(): bigint {
    const units = this.owed - this.signed;
    return units > 0n ? units * this.#plan.unitPrice : 0n;
  }

  get plan(): StreamPlan {
    return this.#plan;
  }

  answer({ deposit }: ChannelRecord): ChannelAnswer {
    return { channelId: this.channelId, best: this.best, owed: this.owed, signed: this.signed, window: this.#plan.window, deposit, paid: this.#paid().map(([from, to]) => ({ from, to })) };
  }

  /** Null until a ticket has brought the point. */
  subscriber(): Subscriber | null {
    const publicKey = this.#rows().find((row) => row.publicKey !== null)?.publicKey;
    if (publicKey === null || publicKey === undefined) return null;
    const paid = this.#paid().map(([from, to]) => ({ from, to }));
    return { channelId: this.channelId, publicKey, kind: this.#plan.kind, voucher: this.best, owed: this.owed, delivered: this.#delivered(), epochTo: paid.at(-1)?.to ?? null, paid };
  }

  /** @throws LOG_UNREACHABLE */
  async setPublicKey(publicKey: Bytes): Promise<void> {
    if (this.#own.publicKey !== null) return;
    this.#own.publicKey = publicKey;
    await this.#save();
  }

  /** Whether a batch may be delivered now (docs/protocol/11 §4.12: while owed − signed is within the window). */
  admit(batch: Pick<TailEntry, 'firstSeq' | 'endSeq' | 'epoch'>, deposit: bigint): Admission {
    if (this.#plan.kind === 'period') {
      const paid = this.#paid();
      if (paid.some(([from, to]) => from <= batch.epoch && batch.epoch <= to)) return 'serve';
      return batch.epoch > (paid.at(-1)?.[1] ?? -1) ? 'pay' : 'unpaid';
    }
    const fresh = this.#fresh(batch);
    if (fresh === 0n) return 'serve';
    const owed = this.owed;
    if ((owed + fresh) * this.#plan.unitPrice > deposit) return owed > this.signed ? 'pay' : 'deposit';
    // a batch that is larger than the window comes when nothing is owed
    return owed + fresh - this.signed <= BigInt(this.#plan.window) || owed <= this.signed ? 'serve' : 'pay';
  }

  /** Whether it is time to sign, before reading has to stop. */
  get isHalfOwed(): boolean {
    return this.#plan.kind === 'metered' && 2n * (this.owed - this.signed) > BigInt(this.#plan.window);
  }

  /** Counts each frame once, however often it is read. */
  delivered(batch: Pick<TailEntry, 'firstSeq' | 'endSeq'>): void {
    if (this.#fresh(batch) === 0n) return;
    const { firstSeq, endSeq } = batch;
    // what others delivered too is taken off where all are counted together
    this.#own.owed += endSeq - firstSeq - this.#own.delivered.overlap(firstSeq, endSeq);
    this.#own.delivered.add(firstSeq, endSeq);
    this.#own.largest = Math.max(this.#own.largest, Number(endSeq - firstSeq));
    this.#isDirty = true;
  }

  /**
   * What may still be forgiven: once as much as anybody can take without paying (the window, or one batch), and a small part of what was
   * signed for. Who lies wins no more, also of a stream that brings a few frames a day.
   */
  get #forgivable(): bigint {
    const rows = this.#rows();
    const once = rows.reduce((most, { largest }) => Math.max(most, largest), this.#plan.window);
    return BigInt(once) + this.signed / FORGIVEN_PART - rows.reduce((sum, { forgiven }) => sum + forgiven.units, 0n);
  }

  /**
   * A reading begins at frame `start`. What was delivered before it and is neither signed for nor among the `counted` frames that the reader
   * stands behind never reached anybody, and is owed no more, as far as the bound goes: nothing but the reader's word says so.
   * @returns how many; on disk. @throws LOG_UNREACHABLE
   */
  async forgive({ start, counted }: { readonly start: bigint; readonly counted: bigint }): Promise<bigint> {
    if (this.#plan.kind === 'period') return 0n;
    const dead = this.#owedBefore(start) - (counted > this.signed ? counted : this.signed);
    const units = dead < this.#forgivable ? dead : this.#forgivable;
    if (units <= 0n) return 0n;
    const owed = this.owed - units;
    this.#own.owed -= this.#own.delivered.takeLowest(start, units);
    const { forgiven } = this.#own;
    this.#own.forgiven = { unnamed: forgiven.unnamed + this.owed - owed, units: forgiven.units + units };
    await this.#save();
    return units;
  }

  /**
   * Takes a voucher whose signature is right. One that is for no more than the best changes nothing.
   * @returns whether it is the best now, on disk. @throws voucher_invalid, voucher_over_deposit, LOG_UNREACHABLE
   */
  async take(voucher: SignedVoucher, deposit: bigint): Promise<boolean> {
    const { best } = this;
    if (voucher.cumulativeAmount <= (best?.cumulativeAmount ?? 0n)) return false;
    const units = best?.cumulativeUnits ?? 0n;
    if (voucher.cumulativeUnits < units || voucher.epochTo < (best?.epochTo ?? 0)) throw refusal('voucher_invalid', { why: 'order' });
    if (voucher.cumulativeAmount < voucher.cumulativeUnits * this.#plan.unitPrice) throw refusal('voucher_invalid', { why: 'price' });
    if (voucher.cumulativeAmount > deposit) throw refusal('voucher_over_deposit', { deposit: deposit.toString() });
    if (this.#plan.kind === 'period') {
      const epochs = Number((voucher.cumulativeUnits - units) / BigInt(this.#epochSeconds));
      const last = this.#paid().at(-1)?.[1] ?? -1;
      const from = Math.max(last + 1, voucher.epochTo - epochs + 1, 0);
      if (from <= voucher.epochTo) this.#own.paid = joined([...this.#own.paid, [from, voucher.epochTo]]);
    }
    this.#own.voucher = voucher;
    await this.#save();
    return true;
  }

  /** Writes down what was delivered since it was last written. @throws LOG_UNREACHABLE */
  async flush(): Promise<void> {
    if (this.#isDirty) await this.#save();
  }

  async #save(): Promise<void> {
    this.#isDirty = false;
    try {
      await this.#table.putAccount(this.channelId, this.#instance, rowBytes(this.#own));
    } catch (error) {
      this.#isDirty = true;
      throw error;
    }
  }

  #fresh({ firstSeq, endSeq }: Pick<TailEntry, 'firstSeq' | 'endSeq'>): bigint {
    return endSeq - firstSeq - this.#all().overlap(firstSeq, endSeq);
  }

  /** The newest; no more than are owed, for the publisher counts what is named in full. */
  #delivered(): Subscriber['delivered'] {
    if (this.#plan.kind === 'period') return [];
    const named = new SeqSet(this.#all().spans().slice(-MAX_DELIVERED_SPANS));
    const { owed } = this;
    if (named.size > owed) named.takeLowest(named.spans().at(-1)?.[1] ?? 0n, named.size - owed);
    return named.spans().map(([from, end]) => [from, end]);
  }

  /** What stands in no span any more is older than what does. */
  #owedBefore(start: bigint): bigint {
    const all = this.#all();
    const [oldest] = all.spans();
    if (oldest !== undefined && start <= oldest[0]) return 0n;
    return this.owed - all.overlap(start, all.spans().at(-1)?.[1] ?? start);
  }

  /** Delivered by any instance, as far as it is known by its numbers. */
  #all(): SeqSet {
    const rows = this.#rows();
    return rows.length === 1 ? this.#own.delivered : unionOf(rows);
  }

  #paid(): readonly (readonly [number, number])[] {
    const rows = this.#rows();
    return rows.length === 1 ? this.#own.paid : joined(rows.flatMap(({ paid }) => paid));
  }

  #rows(): readonly ChannelRow[] {
    const rows = [this.#own];
    for (const [instance, bytes] of this.#table.accounts(this.channelId)) {
      if (instance === this.#instance) continue;
      let known = this.#others.get(instance);
      if (known?.bytes !== bytes) this.#others.set(instance, (known = { bytes, row: readRow(bytes) }));
      rows.push(known.row);
    }
    return rows;
  }
}

function unionOf(rows: readonly ChannelRow[]): SeqSet {
  return new SeqSet(rows.flatMap(({ delivered }) => delivered.spans()));
}

/** Ascending, with none that touch. */
function joined(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}
