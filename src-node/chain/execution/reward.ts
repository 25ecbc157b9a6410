/** What the chain pays to the coinbase of a block: five years, falling, the same on every network (docs/protocol/02 §2.1). */
const YEARS: readonly (readonly [lastBlock: bigint, reward: bigint])[] = [
  [3_162_240n, 12_650_000_000_000_000_000n],
  [6_315_840n, 9_510_000_000_000_000_000n],
  [9_469_440n, 7_130_000_000_000_000_000n],
  [12_623_040n, 5_390_000_000_000_000_000n],
  [15_785_280n, 4_030_000_000_000_000_000n],
];

/** Base units for block `number` ≥ 1. Impeach blocks get none: they have no coinbase. */
export function blockReward(number: bigint): bigint {
  return YEARS.find(([lastBlock]) => number <= lastBlock)?.[1] ?? 0n;
}
