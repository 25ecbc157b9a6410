import { byteKey } from '../base/byte-key.ts';
import { equal, type Bytes } from '../base/bytes.ts';
import { HASH_LENGTH } from '../primitives/trie-node.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import type { StateWrite } from './state-write.ts';
import type { TrieNodeStore } from './trie-node-store.ts';

/** What one destroyed contract may cost its block. Of a larger storage the rest stays in the store, out of everybody's reach. */
const MOST_NODES = 10_000;

/** Names the nodes of a stored trie, which is no part of the state any more. @throws STATE_MISSING, STATE_DAMAGED */
export function retireTrie(nodes: TrieNodeStore, root: Bytes, owner: string, write: StateWrite): void {
  if (equal(root, EMPTY_TRIE_ROOT)) return;
  const waiting = [byteKey(root)];
  for (let count = 0; count < MOST_NODES; count++) {
    const reference = waiting.pop();
    if (reference === undefined) return;
    if (reference.length === HASH_LENGTH) write.replaced(owner, reference);
    const node = nodes.node(owner, reference);
    if (node.kind === 'leaf') continue;
    for (const child of node.kind === 'branch' ? node.children : [node.child]) if (typeof child === 'string') waiting.push(child);
  }
}
