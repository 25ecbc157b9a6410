import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { PooledTransaction } from './pooled-transaction.ts';

/**
 * The transactions of one sender by nonce. Those that follow the account's nonce without a gap are pending: they can be in the
 * next block. The others are queued until the gap closes.
 */
export class AccountTransactions {
  readonly sender: Bytes;
  /** Transactions were submitted at this node: exempt from price floor and eviction. */
  isLocal = false;
  /** Last arrival of a transaction. */
  heartbeat: Millis;
  /** Sorted by nonce. */
  #transactions: PooledTransaction[] = [];
  #pendingCount = 0;
  /** Already announced as pending. */
  readonly #announced = new WeakSet<PooledTransaction>();

  constructor(sender: Bytes, now: Millis) {
    this.sender = sender;
    this.heartbeat = now;
  }

  get size(): number {
    return this.#transactions.length;
  }

  get pendingCount(): number {
    return this.#pendingCount;
  }

  get queuedCount(): number {
    return this.#transactions.length - this.#pendingCount;
  }

  get pending(): readonly PooledTransaction[] {
    return this.#transactions.slice(0, this.#pendingCount);
  }

  get queued(): readonly PooledTransaction[] {
    return this.#transactions.slice(this.#pendingCount);
  }

  get all(): readonly PooledTransaction[] {
    return this.#transactions;
  }

  at(nonce: bigint): PooledTransaction | undefined {
    return this.#transactions.find(({ transaction }) => transaction.nonce === nonce);
  }

  /** Adds it in the place of one with the same nonce. */
  put(pooled: PooledTransaction): void {
    const index = this.#transactions.findIndex(({ transaction }) => transaction.nonce >= pooled.transaction.nonce);
    const isReplacement = this.#transactions[index]?.transaction.nonce === pooled.transaction.nonce;
    if (index < 0) this.#transactions.push(pooled);
    else this.#transactions.splice(index, isReplacement ? 1 : 0, pooled);
  }

  /** Removes all for which `test` holds. @returns the removed ones */
  remove(test: (pooled: PooledTransaction) => boolean): PooledTransaction[] {
    const removed = this.#transactions.filter(test);
    if (removed.length > 0) this.#transactions = this.#transactions.filter((pooled) => !test(pooled));
    return removed;
  }

  /** Decides what is pending for an account whose next nonce is `nonce`. @returns those that became pending */
  settle(nonce: bigint): PooledTransaction[] {
    this.#pendingCount = 0;
    for (const { transaction } of this.#transactions) {
      if (transaction.nonce !== nonce + BigInt(this.#pendingCount)) break;
      this.#pendingCount++;
    }
    const risen = this.pending.filter((pooled) => !this.#announced.has(pooled));
    for (const pooled of risen) this.#announced.add(pooled);
    return risen;
  }
}
