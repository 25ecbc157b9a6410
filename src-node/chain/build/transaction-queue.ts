/** Pending transactions in the order in which a block takes them: the best price first, each account's in the order of its nonces. */
import type { Bytes } from '../../base/bytes.ts';
import type { Transaction } from '../../primitives/transaction.ts';

export interface PendingTransaction {
  readonly transaction: Transaction;
  /** 20 bytes, recovered from the signature. */
  readonly sender: Bytes;
}

interface Account {
  readonly transactions: readonly PendingTransaction[];
  readonly next: PendingTransaction;
  readonly index: number;
}

/** A heap of accounts by the price of their next transaction. */
export class TransactionQueue {
  readonly #heap: Account[] = [];

  /** One list per account, by ascending nonce. */
  constructor(accounts: Iterable<readonly PendingTransaction[]>) {
    for (const transactions of accounts) this.#push(transactions, 0);
  }

  /** The next transaction; it stays until `take` or `drop`. */
  get next(): PendingTransaction | undefined {
    return this.#heap[0]?.next;
  }

  /** Goes on to the next transaction of the same account. */
  take(): void {
    const top = this.#pop();
    if (top !== undefined) this.#push(top.transactions, top.index + 1);
  }

  /** Leaves out the account with all its transactions. */
  drop(): void {
    this.#pop();
  }

  #push(transactions: readonly PendingTransaction[], index: number): void {
    const next = transactions[index];
    if (next === undefined) return;
    const heap = this.#heap;
    heap.push({ transactions, next, index });
    for (let at = heap.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!this.#swapIfBetter(at, above)) return;
      at = above;
    }
  }

  #pop(): Account | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const better = priceAt(heap, left + 1) > priceAt(heap, left) ? left + 1 : left;
      if (!this.#swapIfBetter(better, at)) return top;
      at = better;
    }
  }

  #swapIfBetter(lower: number, upper: number): boolean {
    const heap = this.#heap;
    const a = heap[lower];
    const b = heap[upper];
    if (a === undefined || b === undefined || priceAt(heap, lower) <= priceAt(heap, upper)) return false;
    heap[lower] = b;
    heap[upper] = a;
    return true;
  }
}

function priceAt(heap: readonly Account[], index: number): bigint {
  return heap[index]?.next.transaction.gasPrice ?? -1n;
}
