/** Reads a stored state whole, and holds every part of it against its hash. */
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import { equal, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { bytesOfNibbles, HASH_LENGTH } from '../primitives/trie-node.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { bytesIn, decode, listIn } from '../primitives/rlp/index.ts';
import { EMPTY_CODE_HASH } from './account.ts';
import { childReferences, type StateErrorCode } from './trie-node.ts';
import type { TrieNodeStore } from './trie-node-store.ts';

interface Visit {
  readonly owner: string;
  readonly reference: string;
  /** Nibbles above the node. */
  readonly path: readonly number[];
}

/** Gives the number of nodes read so far, one after the other. @throws STATE_MISSING, STATE_DAMAGED, BAD_RLP */
export function* walkState(nodes: TrieNodeStore, root: Bytes): Generator<number> {
  const waiting: Visit[] = equal(root, EMPTY_TRIE_ROOT) ? [] : [{ owner: '', reference: byteKey(root), path: [] }];
  for (let count = 1; ; count++) {
    const visit = waiting.pop();
    if (visit === undefined) return;
    const { owner, reference, path } = visit;
    if (reference.length === HASH_LENGTH) requireHash(nodes.encodedNode(owner, reference), bytesOfKey(reference));
    const node = nodes.node(owner, reference);
    for (const [child, below] of childReferences(node)) waiting.push({ owner, reference: child, path: [...path, ...below] });
    if (node.kind === 'leaf' && owner === '') visitAccount(nodes, node.value, [...path, ...node.path], waiting);
    yield count;
  }
}

function visitAccount(nodes: TrieNodeStore, record: Bytes, path: readonly number[], waiting: Visit[]): void {
  const [, , storageRoot, codeHash] = listIn(decode(record), 4);
  const root = bytesIn(storageRoot, 32);
  const hash = bytesIn(codeHash, 32);
  if (!equal(hash, EMPTY_CODE_HASH)) requireHash(nodes.code(hash), hash);
  if (equal(root, EMPTY_TRIE_ROOT)) return;
  waiting.push({ owner: byteKey(bytesOfNibbles(path)), reference: byteKey(root), path: [] });
}

function requireHash(content: Bytes, hash: Bytes): void {
  if (!equal(keccak256(content), hash)) throw new CodedError<StateErrorCode>('STATE_DAMAGED', 'A part of the stored state is not what its name says.');
}
