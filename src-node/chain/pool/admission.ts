import type { Bytes } from '../../base/bytes.ts';
import { BASIC_TYPE, encodeTransaction, intrinsicGas, senderOf, type Transaction } from '../../primitives/transaction.ts';
import type { State } from '../../state/state.ts';
import { poolError } from './errors.ts';
import type { PoolLimits } from './limits.ts';
import { costOf } from './pooled-transaction.ts';

export interface AdmissionArgs {
  readonly tx: Transaction;
  readonly chainId: bigint;
  /** State and gas limit of the newest block. */
  readonly state: State;
  readonly gasLimit: bigint;
  readonly limits: PoolLimits;
  /** Whether transactions of this sender are exempt from the price floor. */
  readonly isLocal: (sender: Bytes) => boolean;
}

/** The checks of a transaction by itself, in their order (docs/protocol/03 §10.1). @returns the sender @throws CodedError<PoolErrorCode> */
export function admit({ tx, chainId, state, gasLimit, limits, isLocal }: AdmissionArgs): Bytes {
  if (tx.type !== BASIC_TYPE) throw poolError('UNSUPPORTED_TYPE', { type: String(tx.type) });
  if (encodeTransaction(tx).length > limits.transactionBytes) throw poolError('OVERSIZED');
  if (tx.gasLimit > gasLimit) throw poolError('EXCEEDS_BLOCK_GAS', { gasLimit: String(gasLimit) });
  const sender = recover(tx, chainId);
  if (tx.gasPrice < limits.priceFloor && !isLocal(sender)) throw poolError('UNDERPRICED', { floor: String(limits.priceFloor) });
  const nonce = state.nonceOf(sender);
  if (tx.nonce < nonce) throw poolError('NONCE_TOO_LOW', { nonce: String(tx.nonce), expected: String(nonce) });
  const balance = state.balanceOf(sender);
  if (balance < costOf(tx)) throw poolError('INSUFFICIENT_FUNDS', { balance: String(balance), needed: String(costOf(tx)) });
  if (tx.gasLimit < intrinsicGas(tx)) throw poolError('INTRINSIC_GAS', { needed: String(intrinsicGas(tx)) });
  return sender;
}

function recover(tx: Transaction, chainId: bigint): Bytes {
  try {
    return senderOf(tx, chainId);
  } catch (error) {
    throw poolError('INVALID_SENDER', { reason: error instanceof Error ? error.message : String(error) });
  }
}
