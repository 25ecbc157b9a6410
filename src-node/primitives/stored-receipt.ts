/** A receipt with its place in the chain, as the database keeps it (docs/protocol/01 §5.3). */
import type { Bytes } from '../base/bytes.ts';
import type { Log } from './log.ts';
import { outcomeIn, outcomeToRlp, type Receipt } from './receipt.ts';
import { bytesIn, bytesListIn, decode, encode, encodeUint, listIn, uint64In, type RlpItem } from './rlp/index.ts';

export interface StoredLog extends Log {
  readonly blockNumber: bigint;
  readonly transactionHash: Bytes;
  readonly transactionIndex: number;
  readonly blockHash: Bytes;
  /** Counts through the block. */
  readonly logIndex: number;
}

export interface StoredReceipt extends Receipt {
  readonly logs: readonly StoredLog[];
  readonly transactionHash: Bytes;
  /** The address that a creation, also a failed one, had; else 20 zero bytes. */
  readonly contractAddress: Bytes;
  /** By this transaction alone. */
  readonly gasUsed: bigint;
}

export function storedReceiptToRlp(receipt: StoredReceipt): RlpItem {
  return [
    outcomeToRlp(receipt),
    encodeUint(receipt.cumulativeGasUsed),
    receipt.bloom,
    receipt.transactionHash,
    receipt.contractAddress,
    receipt.logs.map(storedLogToRlp),
    encodeUint(receipt.gasUsed),
  ];
}

/** @throws BAD_RLP */
export function storedReceiptFromRlp(item: RlpItem): StoredReceipt {
  const [outcome, cumulativeGasUsed, bloom, transactionHash, contractAddress, logs, gasUsed] = listIn(item, 7);
  return {
    ...outcomeIn(outcome),
    cumulativeGasUsed: uint64In(cumulativeGasUsed),
    bloom: bytesIn(bloom, 256),
    transactionHash: bytesIn(transactionHash, 32),
    contractAddress: bytesIn(contractAddress, 20),
    logs: listIn(logs).map(storedLogFromRlp),
    gasUsed: uint64In(gasUsed),
  };
}

export function encodeStoredReceipt(receipt: StoredReceipt): Bytes {
  return encode(storedReceiptToRlp(receipt));
}

/** @throws BAD_RLP */
export function decodeStoredReceipt(bytes: Bytes): StoredReceipt {
  return storedReceiptFromRlp(decode(bytes));
}

function storedLogToRlp(log: StoredLog): RlpItem {
  return [
    log.address,
    log.topics,
    log.data,
    encodeUint(log.blockNumber),
    log.transactionHash,
    encodeUint(log.transactionIndex),
    log.blockHash,
    encodeUint(log.logIndex),
  ];
}

function storedLogFromRlp(item: RlpItem): StoredLog {
  const [address, topics, data, blockNumber, transactionHash, transactionIndex, blockHash, logIndex] = listIn(item, 8);
  return {
    address: bytesIn(address, 20),
    topics: bytesListIn(topics, 32),
    data: bytesIn(data),
    blockNumber: uint64In(blockNumber),
    transactionHash: bytesIn(transactionHash, 32),
    transactionIndex: Number(uint64In(transactionIndex)),
    blockHash: bytesIn(blockHash, 32),
    logIndex: Number(uint64In(logIndex)),
  };
}
