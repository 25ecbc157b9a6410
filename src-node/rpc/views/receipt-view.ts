import { toHex, type Bytes } from '../../base/bytes.ts';
import type { StoredReceipt } from '../../primitives/stored-receipt.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { logView } from './log-view.ts';
import { quantity } from './quantity.ts';
import type { Place } from './transaction-view.ts';

/** A receipt (docs/protocol/05 §3.3), keys sorted. */
export function receiptView(receipt: StoredReceipt, tx: Transaction, sender: Bytes, place: Place): object {
  return {
    blockHash: toHex(place.blockHash),
    blockNumber: quantity(place.blockNumber),
    contractAddress: tx.to === null ? toHex(receipt.contractAddress) : null,
    cumulativeGasUsed: quantity(receipt.cumulativeGasUsed),
    from: toHex(sender),
    gasUsed: quantity(receipt.gasUsed),
    logs: receipt.logs.map(logView),
    logsBloom: toHex(receipt.bloom),
    status: quantity(receipt.status),
    to: tx.to === null ? null : toHex(tx.to),
    transactionHash: toHex(receipt.transactionHash),
    transactionIndex: quantity(place.index),
  };
}
