/** Numbers that a market is deployed with (docs/protocol/11 §4.26). They are constants of the contracts afterwards. */
import type { Hex } from '../base/bytes.ts';
import type { EscrowParameters } from './bindings/pd-escrow.gen.ts';
import type { Bounds, ListingParameters } from './bindings/pd-listing.gen.ts';

const CPC = 10n ** 18n;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Amounts in base units, times in seconds, rates in 1/10,000. */
interface MarketNumbers {
  readonly feeBps: number;
  readonly bondBps: number;
  readonly expiryBps: number;
  readonly minPrice: bigint;
  readonly minListingBond: bigint;
  /** R_min. */
  readonly minReserve: bigint;
  /** g. */
  readonly proofAllowance: bigint;
  /** Blocks. */
  readonly grace: number;
  readonly readyTime: number;
  readonly cancelTime: number;
  readonly keyTime: Bounds;
  readonly disputeTime: Bounds;
  readonly unbondDelay: number;
}

const STANDARD: MarketNumbers = {
  feeBps: 50,
  bondBps: 2_000,
  expiryBps: 100,
  minPrice: CPC / 10n,
  minListingBond: 100n * CPC,
  minReserve: CPC / 2n,
  proofAllowance: CPC / 10n,
  grace: 20,
  readyTime: DAY,
  cancelTime: 30 * MINUTE,
  keyTime: { min: 10 * MINUTE, normal: 12 * HOUR, max: 3 * DAY },
  disputeTime: { min: DAY, normal: 2 * DAY, max: 7 * DAY },
  unbondDelay: 7 * DAY,
};

/** Every state runs out while one looks on; still at least 60 blocks each. */
const PRACTICE: MarketNumbers = {
  ...STANDARD,
  minListingBond: 10n * CPC,
  readyTime: 10 * MINUTE,
  cancelTime: 2 * MINUTE,
  keyTime: { min: MINUTE, normal: 5 * MINUTE, max: HOUR },
  disputeTime: { min: MINUTE, normal: 10 * MINUTE, max: DAY },
};

export type MarketKind = 'standard' | 'practice';

const NUMBERS: Readonly<Record<MarketKind, MarketNumbers>> = { standard: STANDARD, practice: PRACTICE };

/** What the contracts have to know of the chain that they stand on. */
export interface MarketChain {
  readonly chainId: bigint;
  readonly genesisHash: Hex;
  readonly periodMillis: number;
}

export interface MarketParameters {
  readonly listings: ListingParameters;
  readonly escrow: EscrowParameters;
}

export function marketParameters(kind: MarketKind, chain: MarketChain): MarketParameters {
  const numbers = NUMBERS[kind];
  return {
    listings: {
      chainId: chain.chainId,
      periodMs: chain.periodMillis,
      minPrice: numbers.minPrice,
      minListingBond: numbers.minListingBond,
      keyTime: numbers.keyTime,
      disputeTime: numbers.disputeTime,
      unbondDelay: numbers.unbondDelay,
    },
    escrow: {
      chainId: chain.chainId,
      genesisHash: chain.genesisHash,
      periodMs: chain.periodMillis,
      feeBps: numbers.feeBps,
      bondBps: numbers.bondBps,
      expiryBps: numbers.expiryBps,
      minReserve: numbers.minReserve,
      proofAllowance: numbers.proofAllowance,
      grace: numbers.grace,
      readyTime: numbers.readyTime,
      cancelTime: numbers.cancelTime,
    },
  };
}
