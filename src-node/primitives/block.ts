/** A block is a header and its transactions; there are no uncles (docs/protocol/01 §6.4). */
import type { Bytes } from '../base/bytes.ts';
import { headerFromRlp, headerToRlp, type Header } from './header.ts';
import { decode, encode, listIn, type RlpItem } from './rlp/index.ts';
import { transactionFromRlp, transactionToRlp, type Transaction } from './transaction.ts';

export interface Block {
  readonly header: Header;
  readonly transactions: readonly Transaction[];
}

export function blockToRlp(block: Block): RlpItem {
  return [headerToRlp(block.header), block.transactions.map(transactionToRlp)];
}

/** @throws BAD_RLP */
export function blockFromRlp(item: RlpItem): Block {
  const [header, transactions] = listIn(item, 2);
  return { header: headerFromRlp(header ?? []), transactions: listIn(transactions).map(transactionFromRlp) };
}

export function encodeBlock(block: Block): Bytes {
  return encode(blockToRlp(block));
}

/** @throws BAD_RLP */
export function decodeBlock(bytes: Bytes): Block {
  return blockFromRlp(decode(bytes));
}

/** The body alone, as databases and messages keep it: a list that holds the list of transactions. */
export function bodyToRlp(transactions: readonly Transaction[]): RlpItem {
  return [transactions.map(transactionToRlp)];
}

/** @throws BAD_RLP */
export function bodyFromRlp(item: RlpItem): readonly Transaction[] {
  const [transactions] = listIn(item, 1);
  return listIn(transactions).map(transactionFromRlp);
}
