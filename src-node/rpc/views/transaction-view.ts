import { toHex, type Bytes } from '../../base/bytes.ts';
import { transactionHash, type Transaction } from '../../primitives/transaction.ts';
import { quantity } from './quantity.ts';

/** Where a transaction stands in the chain. */
export interface Place {
  readonly blockHash: Bytes;
  readonly blockNumber: bigint;
  readonly index: number;
}

const NO_BLOCK = toHex(new Uint8Array(32));

/** A transaction (docs/protocol/05 §3.3); without a place it waits in the pool. */
export function transactionView(tx: Transaction, sender: Bytes, place: Place | null): object {
  return {
    blockHash: place === null ? NO_BLOCK : toHex(place.blockHash),
    blockNumber: place === null ? null : quantity(place.blockNumber),
    from: toHex(sender),
    gas: quantity(tx.gasLimit),
    gasPrice: quantity(tx.gasPrice),
    hash: toHex(transactionHash(tx)),
    type: quantity(tx.type),
    input: toHex(tx.payload),
    nonce: quantity(tx.nonce),
    to: tx.to === null ? null : toHex(tx.to),
    transactionIndex: quantity(place?.index ?? 0),
    value: quantity(tx.value),
    v: quantity(tx.v),
    r: quantity(tx.r),
    s: quantity(tx.s),
  };
}
