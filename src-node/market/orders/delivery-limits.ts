/** What a delivery account may answer and what it is given for fees. */
import type { MarketParameters } from '../../contracts/market-parameters.ts';

const BPS = 10_000n;
/** postKey through the cap costs about 95,000 gas (docs/protocol/11 §4.2); with room. */
const GAS_PER_ANSWER = 120_000n;
const ANSWERS = 100n;
/** Fees may rise to this multiple before the account runs dry early. */
const PRICE_FACTOR = 2n;
/** Amounts are rounded up to a tenth, so that people can read them. */
const TENTH = 10n ** 17n;

/** Sum of prices in 24 h: what the bond can stand behind. A thief of the account could cost its owner no more than the bond. */
export function deliveryCapOf(bond: bigint, { escrow }: MarketParameters): bigint {
  return (bond * BPS) / BigInt(Math.max(1, escrow.bondBps));
}

/** Base units that pay for about 100 answers at twice today's price of gas. */
export function deliveryMoney(gasPrice: bigint): bigint {
  const wanted = gasPrice * PRICE_FACTOR * GAS_PER_ANSWER * ANSWERS;
  return ((wanted + TENTH - 1n) / TENTH) * TENTH;
}

/** What is missing on an account with this balance; 0 while it lasts for another quarter. */
export function deliveryTopUp(balance: bigint, gasPrice: bigint): bigint {
  const full = deliveryMoney(gasPrice);
  return balance * 4n >= full ? 0n : full - balance;
}

/** How many orders the balance still answers at today's price. */
export function answersLeft(balance: bigint, gasPrice: bigint): number {
  return Number(balance / (gasPrice * GAS_PER_ANSWER));
}
