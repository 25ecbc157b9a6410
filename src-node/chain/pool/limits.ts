import { millis, type Millis } from '../../base/clock.ts';

export interface PoolLimits {
  /** Least gas price of transactions from other nodes, base units. */
  readonly priceFloor: bigint;
  /** A replacement pays at least this percentage of the replaced price. */
  readonly replacementPercent: bigint;
  /** Pending ones of an account that are never trimmed, and of all accounts. */
  readonly accountSlots: number;
  readonly globalSlots: number;
  /** Queued ones of an account and of all accounts. */
  readonly accountQueue: number;
  readonly globalQueue: number;
  /** How long queued ones of a silent remote account stay. */
  readonly lifetime: Millis;
  /** Bytes of one transaction. */
  readonly transactionBytes: number;
}

/** docs/protocol/03 §10.1, §10.2. */
export const POOL_LIMITS: PoolLimits = {
  priceFloor: 1n,
  replacementPercent: 110n,
  accountSlots: 1024,
  globalSlots: 8192,
  accountQueue: 2048,
  globalQueue: 8192,
  lifetime: millis(3 * 60 * 60 * 1000),
  transactionBytes: 32_768,
};

/** The floor of a node that makes blocks, base units (docs/protocol/03 §10.2). */
export const SEALING_PRICE_FLOOR = 18_000_000_000n;

/** How often lifetimes are looked at, and the journal is written anew (docs/protocol/03 §10.2). */
export const POOL_INTERVALS = { lifetimes: millis(60 * 1000), journal: millis(60 * 60 * 1000) } as const;
