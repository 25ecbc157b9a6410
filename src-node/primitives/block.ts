/** A block is a header and its transactions; there are no uncles (docs/protocol/01 §6.4). */
import { EMPTY_BYTES, type Bytes } from '../base/bytes.ts';
import { headerFromRlp, headerToRlp, type Header } from './header.ts';
import { decode, encode, encodedItemsOf, encodeListOf, listIn, type RlpItem } from './rlp/index.ts';
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

/** The encodings of the two parts of an encoded block, out of its bytes. */
export function partsOfBlock(encoded: Bytes): { readonly header: Bytes; readonly body: Bytes } {
  const [header = EMPTY_BYTES, transactions = EMPTY_BYTES] = encodedItemsOf(encoded);
  return { header, body: encodeListOf([transactions]) };
}

/** The encodings of the transactions of an encoded block, out of its bytes. */
export function transactionsOfBlock(encoded: Bytes): readonly Bytes[] {
  const [, transactions = EMPTY_BYTES] = encodedItemsOf(encoded);
  return encodedItemsOf(transactions);
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
