/** What the publisher's side gets out of a voucher, as PDChannel counts it (docs/protocol/11 §4.12). */
import type { Hex } from '../base/bytes.ts';

/** Gas of one redemption. A stream that is registered here has one payee; for two that are new it takes 117,000, and is sent with a quarter more. */
export const REDEEM_GAS = 200_000n;
const WHOLE = 10_000n;

/** Under this id `keys` holds the permission to redeem that the sheet of the stream's registration gave. */
export function redeemMandate(stream: Hex): string {
  return `redeem:${stream}`;
}

export interface Redemption {
  /** Base units that the channel has paid before, and after. */
  readonly before: bigint;
  readonly due: bigint;
  readonly payees: readonly Hex[];
  /** In 1/10,000. */
  readonly shares: readonly number[];
  readonly feeBps: number;
}

/** The part of one account, after the fee; rounding goes to the first payee. */
export function shareOf(account: Hex, { before, due, payees, shares, feeBps }: Redemption): bigint {
  const after = (amount: bigint): bigint => amount - (amount * BigInt(feeBps)) / WHOLE;
  const [restBefore, rest] = [after(before), after(due)];
  const parts = payees.map((_, i) => (i === 0 ? 0n : (rest * BigInt(shares[i] ?? 0)) / WHOLE - (restBefore * BigInt(shares[i] ?? 0)) / WHOLE));
  const others = parts.reduce((sum, part) => sum + part, 0n);
  return payees.reduce((sum, payee, i) => (payee === account ? sum + (i === 0 ? rest - restBefore - others : (parts[i] ?? 0n)) : sum), 0n);
}
