import type { PooledTransaction } from './pooled-transaction.ts';

/**
 * Why a transaction left the pool without a block.
 *
 * - nonce-used: another transaction of the sender with its nonce is in a block
 * - unpayable: the balance does not cover gas and value any more
 * - above-block-gas: its gas limit is above that of the newest block
 * - lifetime: queued, and nothing was heard of its sender for too long
 * - below-floor: the price floor rose above its price
 * - full-pool: the cheapest when a dearer one came
 * - pending-limit: one of too many pending ones of an account, while there are too many of all
 * - queue-limit: one of too many queued ones, of its account or of all
 */
export type DropReason = 'nonce-used' | 'unpayable' | 'above-block-gas' | 'lifetime' | 'below-floor' | 'full-pool' | 'pending-limit' | 'queue-limit';

/**
 * What happens in the pool, told when it is over. What was added is promoted at most once, and leaves by exactly one of
 * `replaced`, `dropped` and `mined`.
 */
export type PoolEvents = {
  /** It came in; without being pending it waits in the queue. */
  added: { readonly pooled: PooledTransaction; readonly isPending: boolean };
  /** It can be in the next block, for the first time. */
  promoted: PooledTransaction;
  /** Another one of the sender with its nonce came for a higher price. */
  replaced: { readonly pooled: PooledTransaction; readonly by: PooledTransaction };
  dropped: { readonly pooled: PooledTransaction; readonly reason: DropReason };
  mined: PooledTransaction;
};
