/** Reads accounts ahead of execution, many at a time and beside the executing thread, so that it finds the way to them in memory. */
import { byteKey } from '../base/byte-key.ts';
import type { Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { nibblesOf } from '../primitives/trie-node.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import type { TrieNodeStore } from './trie-node-store.ts';

/** Where one account's way through the trie has come to. */
interface Way {
  readonly path: Bytes;
  depth: number;
  /** Reference of the next node. */
  next: string;
}

/**
 * Nodes of all levels, one read a level. What is not stored, as states of old blocks, is passed over: whoever needs it is told.
 * @param addresses 20 bytes each @throws STATE_DAMAGED, CodedError<StoreErrorCode>
 */
export async function prefetchAccounts(nodes: TrieNodeStore, root: Bytes, addresses: readonly Bytes[]): Promise<void> {
  if (byteKey(root) === byteKey(EMPTY_TRIE_ROOT)) return;
  let ways: Way[] = addresses.map((address) => ({ path: nibblesOf(keccak256(address)), depth: 0, next: byteKey(root) }));
  while ((ways = ways.filter((way) => leadsToDisk(nodes, way))).length > 0) {
    await nodes.load([...new Set(ways.map(({ next }) => next))]);
    ways = ways.filter(({ next }) => nodes.cachedNode(next) !== undefined);
  }
}

/** Goes on through nodes in memory; false at the end of the way. */
function leadsToDisk(nodes: TrieNodeStore, way: Way): boolean {
  for (;;) {
    const node = nodes.cachedNode(way.next);
    if (node === undefined) return true;
    if (node.kind === 'leaf' || way.depth >= way.path.length) return false; // damaged nodes may go on for ever
    const child = node.kind === 'branch' ? node.children[way.path[way.depth] ?? 0] : node.child;
    if (typeof child !== 'string') return false;
    way.depth += node.kind === 'branch' ? 1 : node.path.length;
    way.next = child;
  }
}
