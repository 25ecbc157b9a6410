/**
 * The best voucher of each channel of the own streams, written down when a gateway shows it, so that it can be redeemed when no gateway
 * is there any more. Only what the channel's key signed for its plan counts; gateways are believed nothing.
 */
import type { DatabaseSync } from 'node:sqlite';
import { equal, fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { voucherDigest, type TypedDomain, type VoucherMessage } from '../../contracts/typed-data.ts';
import { typedSigner } from '../../crypto/typed-signer.ts';
import { column, inTransaction } from '../../db/sqlite.ts';
import type { SignedVoucher } from '../gateway/wire.ts';
import type { ChannelEntry } from '../index/channel-entry.ts';
import type { SignedVouchers } from '../ports.ts';

export interface VoucherBookModules {
  readonly db: DatabaseSync;
  readonly clock: Clock;
  /** Of PDChannel. */
  readonly domain: TypedDomain;
}

export interface Earnings {
  /** Signed by subscribers or paid on the chain, up to their deposits; base units. */
  readonly earned: bigint;
  /** Of it, what can be taken on the chain. */
  readonly redeemable: bigint;
}

const DAYS = 90;

export class VoucherBook implements SignedVouchers {
  readonly #modules: VoucherBookModules;

  constructor(modules: VoucherBookModules) {
    this.#modules = modules;
  }

  /** @returns whether it says more than any before */
  see(channel: Pick<ChannelEntry, 'id' | 'streamId' | 'payerKey' | 'planHash' | 'deposit'>, signed: SignedVoucher): boolean {
    const { db, clock, domain } = this.#modules;
    const before = this.#amountOf(channel);
    if (signed.cumulativeAmount <= before || toHex(signed.channelId) !== channel.id || toHex(signed.plan) !== channel.planHash) return false;
    const voucher = messageOf(signed);
    const signer = typedSigner(voucherDigest(domain, voucher), signed.signature);
    if (signer === null || !equal(signer.address, fromHex(channel.payerKey))) return false;
    const worth = (amount: bigint): bigint => (amount < channel.deposit ? amount : channel.deposit);
    const gained = worth(voucher.cumulativeAmount) - worth(before);
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    inTransaction(db, () => {
      db.prepare('INSERT OR REPLACE INTO best_voucher (channel, stream, units, amount, epoch_to, plan, signature, payer_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(channel.id, channel.streamId, voucher.cumulativeUnits.toString(), voucher.cumulativeAmount.toString(), voucher.epochTo, toHex(voucher.planHash), signed.signature, channel.payerKey);
      const row = db.prepare('SELECT amount FROM earned_day WHERE stream = ? AND day = ?').get(channel.streamId, day);
      const soFar = row === undefined ? 0n : BigInt(column.text(row, 'amount'));
      db.prepare('INSERT OR REPLACE INTO earned_day (stream, day, amount) VALUES (?, ?, ?)').run(channel.streamId, day, (soFar + gained).toString());
    });
    return true;
  }

  /** Signed as the channel is now: what was signed before the chain opened it anew counts no more. */
  #amountOf({ id, planHash, payerKey }: Pick<ChannelEntry, 'id' | 'planHash' | 'payerKey'>): bigint {
    const row = this.#modules.db.prepare('SELECT amount FROM best_voucher WHERE channel = ? AND plan = ? AND COALESCE(payer_key, ?) = ?').get(id, planHash, payerKey, payerKey);
    return row === undefined ? 0n : BigInt(column.text(row, 'amount'));
  }

  of(channel: Hex): { readonly voucher: VoucherMessage; readonly signature: Bytes } | null {
    const row = this.#modules.db.prepare('SELECT channel, units, amount, epoch_to, plan, signature FROM best_voucher WHERE channel = ?').get(channel);
    return row === undefined ? null : entryOf(row);
  }

  bestOf(stream: Hex): ReturnType<SignedVouchers['bestOf']> {
    return Promise.resolve(this.#modules.db.prepare('SELECT channel, units, amount, epoch_to, plan, signature FROM best_voucher WHERE stream = ? ORDER BY channel').all(stream).map(entryOf));
  }

  earningsOf(channels: readonly Pick<ChannelEntry, 'id' | 'deposit' | 'paid' | 'status'>[]): Earnings {
    let [earned, redeemable] = [0n, 0n];
    for (const { id, deposit, paid, status } of channels) {
      const signed = this.of(id)?.voucher.cumulativeAmount ?? 0n;
      const due = signed < deposit ? signed : deposit;
      earned += status === 'closed' || due < paid ? paid : due; // what was not taken before the end is lost
      if (status !== 'closed' && due > paid) redeemable += due - paid;
    }
    return { earned, redeemable };
  }

  /** What was newly signed each day (UTC) in all of these streams, oldest first. */
  earnedByDay(streams: readonly Hex[]): readonly { readonly day: string; readonly amount: bigint }[] {
    const days = new Map<string, bigint>();
    for (const stream of streams) {
      for (const row of this.#modules.db.prepare('SELECT day, amount FROM earned_day WHERE stream = ? ORDER BY day DESC LIMIT ?').all(stream, DAYS)) {
        const day = column.text(row, 'day');
        days.set(day, (days.get(day) ?? 0n) + BigInt(column.text(row, 'amount')));
      }
    }
    return [...days].map(([day, amount]) => ({ day, amount })).sort((a, b) => (a.day < b.day ? -1 : 1)).slice(-DAYS);
  }
}

function messageOf({ channelId, cumulativeUnits, cumulativeAmount, epochTo, plan }: SignedVoucher): VoucherMessage {
  return { channelId, cumulativeUnits, cumulativeAmount, epochTo, planHash: plan };
}

function entryOf(row: Readonly<Record<string, unknown>>): { readonly voucher: VoucherMessage; readonly signature: Bytes } {
  return {
    voucher: {
      channelId: fromHex(column.text(row, 'channel')), cumulativeUnits: BigInt(column.text(row, 'units')), cumulativeAmount: BigInt(column.text(row, 'amount')),
      epochTo: column.integer(row, 'epoch_to'), planHash: fromHex(column.text(row, 'plan')),
    },
    signature: column.blob(row, 'signature'),
  };
}
