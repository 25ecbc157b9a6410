import type { Bytes } from '../../base/bytes.ts';
import type { Transaction } from '../../primitives/transaction.ts';

export interface PooledTransaction {
  readonly transaction: Transaction;
  /** 32 bytes. */
  readonly hash: Bytes;
  /** 20 bytes. */
  readonly sender: Bytes;
}

/** What the sender must own: gas limit times price, and the value. */
export function costOf(transaction: Transaction): bigint {
  return transaction.gasPrice * transaction.gasLimit + transaction.value;
}
