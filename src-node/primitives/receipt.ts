/** What a transaction did, as the receipts root commits to it (docs/protocol/01 §5.1). */
import type { Bytes } from '../base/bytes.ts';
import { logFromRlp, logToRlp, type Log } from './log.ts';
import { badRlp, bytesIn, decode, encodeBriefly, encodeUint, listIn, uint64In, type RlpItem } from './rlp/index.ts';

export interface Receipt {
  /** 1 success, 0 failure. */
  readonly status: 0 | 1;
  /** Gas used by the block up to and with this transaction. */
  readonly cumulativeGasUsed: bigint;
  /** 256 bytes. */
  readonly bloom: Bytes;
  readonly logs: readonly Log[];
  /** 32 bytes in place of the status; only receipts of private transactions have it. */
  readonly postState?: Bytes;
}

export function receiptToRlp(receipt: Receipt): RlpItem {
  return [outcomeToRlp(receipt), encodeUint(receipt.cumulativeGasUsed), receipt.bloom, receipt.logs.map(logToRlp)];
}

/** @throws BAD_RLP */
export function receiptFromRlp(item: RlpItem): Receipt {
  const [outcome, cumulativeGasUsed, bloom, logs] = listIn(item, 4);
  return {
    ...outcomeIn(outcome),
    cumulativeGasUsed: uint64In(cumulativeGasUsed),
    bloom: bytesIn(bloom, 256),
    logs: listIn(logs).map(logFromRlp),
  };
}

export function encodeReceipt(receipt: Receipt): Bytes {
  return encodeBriefly(receiptToRlp(receipt));
}

/** @throws BAD_RLP */
export function decodeReceipt(bytes: Bytes): Receipt {
  return receiptFromRlp(decode(bytes));
}

/** The first item of a receipt: its status, or the root of a private state. */
export function outcomeToRlp(receipt: Pick<Receipt, 'status' | 'postState'>): Bytes {
  return receipt.postState ?? encodeUint(receipt.status);
}

/** @throws BAD_RLP */
export function outcomeIn(item: RlpItem | undefined): Pick<Receipt, 'status' | 'postState'> {
  const outcome = bytesIn(item);
  if (outcome.length === 0) return { status: 0 };
  if (outcome.length === 1 && outcome[0] === 1) return { status: 1 };
  if (outcome.length === 32) return { status: 0, postState: outcome };
  throw badRlp('a receipt has no valid status');
}
