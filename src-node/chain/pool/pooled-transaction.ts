import type { Bytes } from '../../base/bytes.ts';
import type { Transaction } from '../../primitives/transaction.ts';

export interface PooledTransaction {
  readonly tx: Transaction;
  /** 32 bytes. */
  readonly hash: Bytes;
  /** 20 bytes. */
  readonly sender: Bytes;
  /** Counts arrivals, so that equal prices keep their order. */
  readonly arrival: number;
}

/** What the sender must own: gas limit times price, and the value. */
export function costOf(tx: Transaction): bigint {
  return tx.gasPrice * tx.gasLimit + tx.value;
}
