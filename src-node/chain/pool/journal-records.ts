/** The bytes of the pool's journal: encodings of transactions, one behind the other (docs/protocol/03 §10.2). */
import type { Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { itemLengthAt } from '../../primitives/rlp/index.ts';
import { decodeTransaction, type Transaction } from '../../primitives/transaction.ts';
import { POOL_LIMITS } from './limits.ts';

/** First bytes of RLP lists, and the most bytes that the length of a transaction takes (docs/protocol/01 §2). */
const FIRST_LIST = 0xc0;
const LAST_SHORT_LIST = 0xf7;
const LENGTH_BYTES = 2;

/** A piece that is no transaction. */
export interface DamagedPiece {
  readonly offset: number;
  readonly bytes: number;
  /** The beginning of a record at the end of the file: a write was broken off, and nobody was told that it is kept. */
  readonly isTorn: boolean;
}

export interface JournalRecords {
  readonly transactions: readonly Transaction[];
  readonly damaged: readonly DamagedPiece[];
  /** Where the last transaction ends. */
  readonly end: number;
}

/** Everything that can be read; behind a damaged piece it goes on with the next transaction that is found. */
export function readRecords(bytes: Bytes): JournalRecords {
  const transactions: Transaction[] = [];
  const damaged: DamagedPiece[] = [];
  let end = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const record = recordAt(bytes, offset);
    if (record !== undefined) {
      transactions.push(record.transaction);
      offset += record.length;
      end = offset;
      continue;
    }
    const next = nextRecord(bytes, offset);
    damaged.push({ offset, bytes: next - offset, isTorn: next === bytes.length && isBeginning(bytes, offset) });
    offset = next;
  }
  return { transactions, damaged, end };
}

function recordAt(bytes: Bytes, offset: number): { readonly transaction: Transaction; readonly length: number } | undefined {
  const length = lengthAt(bytes, offset);
  if (length === undefined || length > POOL_LIMITS.transactionBytes || offset + length > bytes.length) return undefined;
  try {
    return { transaction: decodeTransaction(bytes.subarray(offset, offset + length)), length };
  } catch (error) {
    if (!isCoded(error, 'BAD_RLP')) throw error;
    return undefined;
  }
}

/**
 * Where the transaction behind a damaged one begins, or the end. The damaged one's own length is believed where another begins
 * behind it: its data may hold something that looks like a transaction, but not one that the next one follows.
 */
function nextRecord(bytes: Bytes, damagedAt: number): number {
  const isBorder = (offset: number): boolean => offset === bytes.length || recordAt(bytes, offset) !== undefined;
  const claimed = damagedAt + (lengthAt(bytes, damagedAt) ?? 0);
  const inside = isBorder(claimed) ? claimed : damagedAt;
  for (let offset = damagedAt + 1; offset < bytes.length; offset++) {
    const record = recordAt(bytes, offset);
    if (record !== undefined && (offset >= inside || isBorder(offset + record.length))) return offset;
  }
  return bytes.length;
}

/** Of the list that begins there; undefined where none begins, or its head is not whole. */
function lengthAt(bytes: Bytes, offset: number): number | undefined {
  if ((bytes[offset] ?? 0) < FIRST_LIST) return undefined;
  try {
    return itemLengthAt(bytes, offset) ?? undefined;
  } catch (error) {
    if (!isCoded(error, 'BAD_RLP')) throw error;
    return undefined;
  }
}

function isBeginning(bytes: Bytes, offset: number): boolean {
  const left = bytes.length - offset;
  const length = lengthAt(bytes, offset) ?? 0;
  const isHeadCut = left <= (bytes[offset] ?? 0) - LAST_SHORT_LIST && left <= LENGTH_BYTES;
  return isHeadCut || (length > left && length <= POOL_LIMITS.transactionBytes);
}
