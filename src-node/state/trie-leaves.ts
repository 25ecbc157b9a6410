/** The entries of a trie in the order of its keys, which are hashes (docs/protocol/01 §4). */
import type { Bytes } from '../base/bytes.ts';
import { bytesOfNibbles, HASH_LENGTH, nibblesOf } from '../primitives/trie-node.ts';
import { damaged, type Child, type TrieNode } from './trie-node.ts';

export interface TrieLeaf {
  /** 32 bytes. */
  readonly key: Bytes;
  readonly value: Bytes;
}

/** @param from the first key, or its beginning; those before it are passed over unread @throws STATE_MISSING, STATE_DAMAGED */
export function* leavesOf(root: Child | null, resolve: (child: Child) => TrieNode, from: Bytes): Generator<TrieLeaf> {
  const start = nibblesOf(from);
  const waiting: { readonly child: Child; readonly path: readonly number[] }[] = root === null ? [] : [{ child: root, path: [] }];
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { child, path } = visit;
    if (isBefore(path, start)) continue;
    const node = resolve(child);
    if (node.kind === 'leaf') {
      const key = [...path, ...node.path];
      if (!isBefore(key, start)) yield { key: keyOfPath(key), value: node.value };
    } else if (node.kind === 'extension') {
      waiting.push({ child: node.child, path: [...path, ...node.path] });
    } else {
      for (let nibble = 15; nibble >= 0; nibble--) {
        const below = node.children[nibble] ?? null;
        if (below !== null) waiting.push({ child: below, path: [...path, nibble] });
      }
    }
    if (path.length > 2 * HASH_LENGTH) throw damaged(); // damaged nodes may go on without end
  }
}

/** @throws STATE_DAMAGED for a path of another length than a key has */
export function keyOfPath(path: readonly number[]): Bytes {
  if (path.length !== 2 * HASH_LENGTH) throw damaged();
  return bytesOfNibbles(path);
}

/** Whether all keys that begin with the path are before `start`. */
function isBefore(path: readonly number[], start: Bytes): boolean {
  for (let i = 0; i < path.length && i < start.length; i++) {
    const difference = (path[i] ?? 0) - (start[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
