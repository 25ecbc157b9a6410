import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { PooledTransaction } from './pooled-transaction.ts';

/**
 * The transactions of one sender by nonce. Those that follow the account's nonce without a gap are pending: they can be in the
 * next block. The others are queued until the gap closes.
 */
export class AccountTransactions {
  readonly sender: Bytes;
  /** Transactions were submitted at this node: exempt from price floor, eviction and lifetime. */
  isLocal = false;
  /** When a transaction arrived or became pending the last time. */
  heartbeat: Millis;
  /** Sorted by nonce. */
  #transactions: PooledTransaction[] = [];
  #pendingCount = 0;
  /** Place of the first one that is new since the last `settle`. */
  #changedFrom = Infinity;
  /** Pending now or before. */
  readonly #risen = new WeakSet<PooledTransaction>();

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
    const pooled = this.#transactions[this.#placeOf(nonce)];
    return pooled?.transaction.nonce === nonce ? pooled : undefined;
  }

  /** Adds it in the place of one with the same nonce. `settle` has to follow. */
  put(pooled: PooledTransaction): void {
    const place = this.#placeOf(pooled.transaction.nonce);
    const isReplacement = this.#transactions[place]?.transaction.nonce === pooled.transaction.nonce;
    this.#transactions.splice(place, isReplacement ? 1 : 0, pooled);
    this.#changedFrom = Math.min(this.#changedFrom, place);
  }

  /** Removes all that have a reason to go; `settle` has to follow. @returns the removed ones with their reasons */
  remove<Reason>(reasonOf: (pooled: PooledTransaction) => Reason | undefined): (readonly [PooledTransaction, Reason])[] {
    const removed: (readonly [PooledTransaction, Reason])[] = [];
    const kept: PooledTransaction[] = [];
    for (const pooled of this.#transactions) {
      const reason = reasonOf(pooled);
      if (reason === undefined) kept.push(pooled);
      else removed.push([pooled, reason]);
    }
    if (removed.length > 0) {
      this.#transactions = kept;
      this.#changedFrom = 0;
    }
    return removed;
  }

  /** Decides what is pending for an account whose next nonce is `nonce`. @returns those that are pending for the first time */
  settle(nonce: bigint): PooledTransaction[] {
    const from = Math.min(this.#changedFrom, this.#pendingCount);
    this.#pendingCount = this.#firstPlace((pooled, place) => pooled.transaction.nonce !== nonce + BigInt(place));
    this.#changedFrom = Infinity;
    const risen = this.#transactions.slice(from, this.#pendingCount).filter((pooled) => !this.#risen.has(pooled));
    for (const pooled of risen) this.#risen.add(pooled);
    return risen;
  }

  /** Removes the queued ones behind the first `count`. */
  cutQueue(count: number): PooledTransaction[] {
    return this.#transactions.splice(this.#pendingCount + count);
  }

  /** Of the first one with this nonce or a higher one. */
  #placeOf(nonce: bigint): number {
    return this.#firstPlace(({ transaction }) => transaction.nonce >= nonce);
  }

  /** The first place where `test` holds; where it holds at one place it holds at all behind it. */
  #firstPlace(test: (pooled: PooledTransaction, place: number) => boolean): number {
    let low = 0;
    let high = this.#transactions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const pooled = this.#transactions[middle];
      if (pooled === undefined || test(pooled, middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
