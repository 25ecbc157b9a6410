/** Root of a Merkle-Patricia trie built at once from all its entries, keeping no nodes. */
import { compare, fromHex, type Bytes } from '../base/bytes.ts';
import { invariant } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { encodeBranch, encodeExtension, encodeLeaf, nibblesOf, referenceOf } from './trie-node.ts';

/** keccak256(RLP("")), the root of a trie without entries (docs/protocol/01 §1). */
export const EMPTY_TRIE_ROOT: Bytes = fromHex('0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421');

interface Entry {
  /** Nibbles of the key. */
  readonly path: Bytes;
  readonly value: Bytes;
}

/** Keys are distinct and prefix-free, in any order; values are not empty. */
export function trieRoot(entries: Iterable<readonly [key: Bytes, value: Bytes]>): Bytes {
  const sorted: Entry[] = [];
  for (const [key, value] of entries) sorted.push({ path: nibblesOf(key), value });
  if (sorted.length === 0) return EMPTY_TRIE_ROOT;
  sorted.sort((a, b) => compare(a.path, b.path));
  return keccak256(encodeRange(sorted, 0, sorted.length, 0));
}

/** The node over sorted[from..to), whose paths agree in their first `depth` nibbles. */
function encodeRange(sorted: readonly Entry[], from: number, to: number, depth: number): Bytes {
  const first = entryAt(sorted, from);
  if (to - from === 1) return encodeLeaf(first.path.subarray(depth), first.value);
  const last = entryAt(sorted, to - 1);
  let shared = depth;
  while (first.path[shared] === last.path[shared]) shared++;
  const branch = encodeSplit(sorted, from, to, shared);
  return shared === depth ? branch : encodeExtension(first.path.subarray(depth, shared), referenceOf(branch));
}

function encodeSplit(sorted: readonly Entry[], from: number, to: number, depth: number): Bytes {
  const children = new Array<string | null>(16).fill(null);
  for (let start = from; start < to; ) {
    const nibble = entryAt(sorted, start).path[depth] ?? 0;
    let end = start + 1;
    while (end < to && entryAt(sorted, end).path[depth] === nibble) end++;
    children[nibble] = referenceOf(encodeRange(sorted, start, end, depth + 1));
    start = end;
  }
  return encodeBranch(children);
}

function entryAt(sorted: readonly Entry[], index: number): Entry {
  const entry = sorted[index];
  invariant(entry !== undefined, 'A range of trie entries lies outside the list.');
  return entry;
}
