/** What one state has otherwise than another, found without reading what both have. */
import { byteKey } from '../base/byte-key.ts';
import { equal, type Bytes } from '../base/bytes.ts';
import { HASH_LENGTH } from '../primitives/trie-node.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { keyOfPath } from './trie-leaves.ts';
import { childReferences, damaged, type TrieNode } from './trie-node.ts';
import type { TrieNodeStore } from './trie-node-store.ts';
import { Trie } from './trie.ts';

interface Visit {
  readonly reference: string;
  /** What stands at the same place of the other trie; undefined when its nodes are of another shape there. */
  readonly other: string | undefined;
  /** Nibbles above both. */
  readonly path: readonly number[];
}

/**
 * Keys of the account trie of `after`, in their order, whose record is new or another than in `before`. Those that are gone are no part of it.
 * @param checkpoint called at every node; it may throw @throws STATE_MISSING, STATE_DAMAGED
 */
export function* changedLeaves(nodes: TrieNodeStore, before: Bytes, after: Bytes, checkpoint: () => void): Generator<Bytes> {
  const old = new Trie(nodes, before, '');
  const waiting: Visit[] = equal(after, EMPTY_TRIE_ROOT) ? [] : [{ reference: byteKey(after), other: equal(before, EMPTY_TRIE_ROOT) ? undefined : byteKey(before), path: [] }];
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    checkpoint();
    const { reference, other, path } = visit;
    if (reference === other) continue;
    if (path.length > 2 * HASH_LENGTH) throw damaged(); // damaged nodes may go on without end
    const node = nodes.node('', reference);
    if (node.kind === 'leaf') {
      const key = keyOfPath([...path, ...node.path]);
      const record = old.get(key);
      if (record === undefined || !equal(record, node.value)) yield key;
      continue;
    }
    const stood = other === undefined ? undefined : nodes.node('', other);
    const below = [...childReferences(node)].map(([child, step]): Visit => ({ reference: child, other: stood && referenceAt(stood, step), path: [...path, ...step] }));
    waiting.push(...below.reverse());
  }
}

/** What stands at the end of a path of one step, where the node has that step. */
function referenceAt(node: TrieNode, path: readonly number[]): string | undefined {
  for (const [reference, own] of childReferences(node)) if (own.length === path.length && own.every((nibble, i) => nibble === path[i])) return reference;
  return undefined;
}
