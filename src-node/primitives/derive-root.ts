/** Root of the transactions or receipts of a block (docs/protocol/01 §4): a trie that is not secure, keyed by the RLP of the index. */
import type { Bytes } from '../base/bytes.ts';
import { encode, encodeUint } from './rlp/index.ts';
import { trieRoot } from './trie-root.ts';

export function deriveRoot(encodedItems: readonly Bytes[]): Bytes {
  return trieRoot(encodedItems.map((item, index) => [encode(encodeUint(index)), item]));
}
