import type { Chain } from '../chain.ts';
import type { PoolHead } from './transaction-pool.ts';

/** The pool's view of a chain. */
export function poolHeadOf(chain: Chain): PoolHead {
  return {
    stateAtHead: () => chain.stateAt(chain.head.header.stateRoot),
    gasLimitAtHead: () => chain.head.header.gasLimit,
    isMined: (hash) => chain.hasTransaction(hash),
  };
}
