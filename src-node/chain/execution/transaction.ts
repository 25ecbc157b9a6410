import type { Bytes } from '../../base/bytes.ts';
import { createAddress } from '../../evm/create-address.ts';
import { bloomOf } from '../../primitives/bloom.ts';
import type { Receipt } from '../../primitives/receipt.ts';
import { BASIC_TYPE, type Transaction } from '../../primitives/transaction.ts';
import { executionError } from './errors.ts';
import type { GasPool } from './gas-pool.ts';
import { applyMessage, type ExecutionModules, type MessageOutcome } from './message.ts';

export interface TransactionArgs extends ExecutionModules {
  readonly tx: Transaction;
  /** 20 bytes, recovered from the signature. */
  readonly sender: Bytes;
  readonly gasPool: GasPool;
}

export interface TransactionOutcome extends MessageOutcome {
  readonly receipt: Receipt;
  /** Where the transaction would create a contract, also when that failed; null for a call. */
  readonly contractAddress: Bytes | null;
}

/**
 * Applies one transaction of a block and ends it (docs/protocol/03 §3).
 * @throws CodedError<ExecutionErrorCode> when it cannot be in the block; state and gas pool are unchanged then
 */
export function applyTransaction(args: TransactionArgs): TransactionOutcome {
  const { tx, sender, state, gasPool } = args;
  if (tx.type !== BASIC_TYPE) throw executionError('UNSUPPORTED_TYPE', { type: String(tx.type) });
  const nonce = state.nonceOf(sender);
  if (tx.nonce !== nonce) {
    throw executionError(tx.nonce < nonce ? 'NONCE_TOO_LOW' : 'NONCE_TOO_HIGH', { nonce: String(tx.nonce), expected: String(nonce) });
  }
  const outcome = applyMessage({ ...tx, from: sender }, args, gasPool.left);
  state.finalise();
  gasPool.use(outcome.gasUsed);
  const logs = state.takeLogs();
  const receipt: Receipt = { status: outcome.error === undefined ? 1 : 0, cumulativeGasUsed: gasPool.used, bloom: bloomOf(logs), logs };
  return { ...outcome, receipt, contractAddress: tx.to === null ? createAddress(sender, tx.nonce) : null };
}
