/** Reputation of RNodes (RPT): how an election weighs them (docs/protocol/06 §6). The arithmetic is the chain's, down to its doubles and floats. */

/** What the score of one account is made of. */
export interface ReputationFacts {
  /** Base units. */
  readonly balance: bigint;
  /** Sent within the window. */
  readonly transactions: bigint;
  /** Proposed within the window. */
  readonly blocks: number;
  /** Of the last 10,000 blocks: those that this account missed. */
  readonly missedBlocks: number;
}

/** Points for the three ranks that are measured; two more in the contract are of no effect. */
export interface ReputationWeights {
  readonly balance: number;
  readonly transactions: number;
  readonly blocks: number;
}

const BASE_UNITS = 10n ** 18n;
const MINIMUM = 1000;
/** From this block on missed blocks count. */
const PUNISHED_FROM = 1_244_472n;
const MOST_MISSED = 9;

/** One score per account, in their order. */
export function reputations(accounts: readonly ReputationFacts[], weights: ReputationWeights, number: bigint): number[] {
  const byBalance = ranks(accounts.map(({ balance }) => BigInt.asUintN(64, balance / BASE_UNITS)));
  const byTransactions = ranks(accounts.map(({ transactions }) => transactions));
  const byBlocks = ranks(accounts.map(({ blocks }) => BigInt(blocks)));
  return accounts.map(({ missedBlocks }, i) => {
    const raw = weights.balance * (byBalance[i] ?? 0) + weights.transactions * (byTransactions[i] ?? 0) + weights.blocks * (byBlocks[i] ?? 0);
    const score = number < PUNISHED_FROM ? raw : Math.trunc(Math.fround(Math.fround(raw) * shareLeft(missedBlocks)));
    return Math.max(score, MINIMUM);
  });
}

/** 100 for the greatest value, equal for equal values, falling by place. */
function ranks(values: readonly bigint[]): number[] {
  const falling = values.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  return values.map((value) => Math.trunc((1 - falling.indexOf(value) / values.length) * 100));
}

/** A float of 32 bits at every step. */
function shareLeft(missedBlocks: number): number {
  if (missedBlocks === 0) return 1;
  return missedBlocks > MOST_MISSED ? 0 : Math.fround(1 - Math.fround(missedBlocks / MOST_MISSED));
}
