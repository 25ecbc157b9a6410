/** The gas limit of a block: what every header must keep to, and how a builder moves it (docs/protocol/03 §4, §7). */
import type { Header } from '../../primitives/header.ts';

export const GAS_LIMIT_BOUNDS = { min: 3_000_000n, max: 150_000_000n } as const;
/** Below this a builder raises the limit whatever is used. */
const TARGET = 47_000_000n;
const BOUND_DIVISOR = 1_024n;

/** For the block after `parent`: falls while blocks are empty, rises while they are more than two thirds full. */
export function nextGasLimit(parent: Pick<Header, 'gasLimit' | 'gasUsed'>): bigint {
  const rise = (parent.gasUsed + parent.gasUsed / 2n) / BOUND_DIVISOR;
  const step = parent.gasLimit / BOUND_DIVISOR - 1n;
  let limit = parent.gasLimit - step + rise;
  if (limit < GAS_LIMIT_BOUNDS.min) limit = GAS_LIMIT_BOUNDS.min;
  if (limit < TARGET) {
    limit = parent.gasLimit + step;
    if (limit > TARGET) limit = TARGET;
  }
  return limit > GAS_LIMIT_BOUNDS.max ? GAS_LIMIT_BOUNDS.max : limit;
}
