import { toHex } from '../../base/bytes.ts';
import type { StoredLog } from '../../primitives/stored-receipt.ts';
import { quantity } from './quantity.ts';

/** A log (docs/protocol/05 §3.5). Blocks are final, so none is ever removed. */
export function logView(log: StoredLog): object {
  return {
    address: toHex(log.address),
    topics: log.topics.map(toHex),
    data: toHex(log.data),
    blockNumber: quantity(log.blockNumber),
    transactionHash: toHex(log.transactionHash),
    transactionIndex: quantity(log.transactionIndex),
    blockHash: toHex(log.blockHash),
    logIndex: quantity(log.logIndex),
    removed: false,
  };
}
