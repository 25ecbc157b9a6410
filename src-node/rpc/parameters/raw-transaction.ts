import type { Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { decodeTransaction, type Transaction } from '../../primitives/transaction.ts';
import { rpcError } from '../protocol/errors.ts';

const SIZE = 'rlp: non-canonical size information';

/** What is wrong with the data, in the words of other nodes (docs/protocol/05 §3.3); for what is not listed in ours. */
const WORDS: Readonly<Record<string, string>> = {
  'the item is longer than the input': 'rlp: value size exceeds available input length',
  'an item is longer than what holds it': 'rlp: element is larger than containing list',
  'bytes follow the item': 'rlp: input contains more than one value',
  'a single byte is not in its shortest form': SIZE,
  'a length has leading zeros': SIZE,
  'a short length is in its long form': SIZE,
};

/** @throws CALL_FAILED */
export function rawTransaction(data: Bytes): Transaction {
  try {
    return decodeTransaction(data);
  } catch (error) {
    if (!isCoded(error, 'BAD_RLP')) throw error;
    throw rpcError('CALL_FAILED', WORDS[String(error.meta['reason'])] ?? error.message);
  }
}
