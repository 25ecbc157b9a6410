/** When the seller's program takes what a channel owes to the chain (docs/protocol/11 §4.12). */
import type { Millis, Seconds } from '../../base/clock.ts';

export interface RedeemFacts {
  readonly deposit: bigint;
  /** Redeemed already, base units. */
  readonly paid: bigint;
  /** Amount of the best voucher; 0 when there is none. */
  readonly signed: bigint;
  readonly status: 'open' | 'closing' | 'closed';
  readonly expirySeconds: Seconds;
  /** Of the redemption before, or the opening. */
  readonly lastMillis: Millis;
  /** Of one redemption at the price of gas now, base units. */
  readonly gasCost: bigint;
}

export type RedeemReason = 'closing' | 'deposit' | 'expiry' | 'daily';

/** Of the deposit. */
const SHARE_PERCENT = 80n;
const DAY_MILLIS = 86_400_000;
/** A daily one has to bring so many times what it costs. */
const DAILY_GAS_COSTS = 20n;
const EXPIRY_MILLIS = 2 * 3_600_000;

/** @returns why it is time, or null. Nothing is redeemed that costs more than it brings. */
export function redeemReason(facts: RedeemFacts, now: Millis): RedeemReason | null {
  const payable = (facts.signed < facts.deposit ? facts.signed : facts.deposit) - facts.paid;
  if (facts.status === 'closed' || payable <= facts.gasCost) return null;
  if (facts.status === 'closing') return 'closing';
  if (now >= facts.expirySeconds * 1000 - EXPIRY_MILLIS) return 'expiry';
  if (facts.signed * 100n >= facts.deposit * SHARE_PERCENT) return 'deposit';
  return now - facts.lastMillis >= DAY_MILLIS && payable > DAILY_GAS_COSTS * facts.gasCost ? 'daily' : null;
}
