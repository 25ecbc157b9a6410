import type { PooledTransaction } from './pooled-transaction.ts';

interface Cursor {
  readonly transactions: readonly PooledTransaction[];
  index: number;
}

/**
 * Transactions in the order of a block (docs/protocol/03 §8): always the dearest of those that are next for their account.
 * @param accounts for each account its pending transactions by nonce
 */
export function* byPrice(accounts: Iterable<readonly PooledTransaction[]>): Generator<PooledTransaction, void, undefined> {
  const heap: Cursor[] = [];
  for (const transactions of accounts) {
    if (transactions.length > 0) rise(heap, heap.push({ transactions, index: 0 }) - 1);
  }
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    yield headOf(top);
    top.index++;
    if (top.index === top.transactions.length) {
      const last = heap.pop() as Cursor;
      if (heap.length === 0) return;
      heap[0] = last;
    }
    sink(heap);
  }
}

function headOf(cursor: Cursor): PooledTransaction {
  return cursor.transactions[cursor.index] as PooledTransaction;
}

function precedes(a: Cursor, b: Cursor): boolean {
  const [one, other] = [headOf(a), headOf(b)];
  if (one.tx.gasPrice !== other.tx.gasPrice) return one.tx.gasPrice > other.tx.gasPrice;
  return one.arrival < other.arrival;
}

function swap(heap: Cursor[], a: number, b: number): void {
  [heap[a], heap[b]] = [heap[b] as Cursor, heap[a] as Cursor];
}

function rise(heap: Cursor[], from: number): void {
  for (let at = from; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!precedes(heap[at] as Cursor, heap[parent] as Cursor)) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function sink(heap: Cursor[]): void {
  for (let at = 0; ; ) {
    let first = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      const cursor = heap[child];
      if (cursor !== undefined && precedes(cursor, heap[first] as Cursor)) first = child;
    }
    if (first === at) return;
    swap(heap, at, first);
    at = first;
  }
}
