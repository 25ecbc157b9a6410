/**
 * The tree of packages: inner = SHA256(0x01 ‖ left ‖ right), an odd last node is promoted unchanged. Works on finished nodes; a
 * list of items first becomes nodes by `leafNode`. A path is checked with (index, count), which fixes at which levels a
 * sibling exists (docs/protocol/11 §4.5).
 */
import { hash } from 'node:crypto';
import { equal, type Bytes } from '../../base/bytes.ts';
import { CodedError, invariant } from '../../base/errors.ts';

const leafScratch = (size: number): Uint8Array => new Uint8Array(1 + size);

/** SHA256(0x00 ‖ item) */
export function leafNode(item: Bytes): Bytes {
  const scratch = leafScratch(item.length);
  scratch.set(item, 1);
  return hash('sha256', scratch, 'buffer');
}

export function innerNode(left: Bytes, right: Bytes): Bytes {
  const scratch = new Uint8Array(65);
  scratch[0] = 1;
  scratch.set(left, 1);
  scratch.set(right, 33);
  return hash('sha256', scratch, 'buffer');
}

function levelAbove(nodes: readonly Bytes[]): Bytes[] {
  const above: Bytes[] = [];
  const scratch = new Uint8Array(65);
  scratch[0] = 1;
  for (let i = 0; i + 1 < nodes.length; i += 2) {
    const [left, right] = [nodes[i], nodes[i + 1]];
    invariant(left && right, 'a pair has two nodes');
    scratch.set(left, 1);
    scratch.set(right, 33);
    above.push(hash('sha256', scratch, 'buffer'));
  }
  const last = nodes.at(-1);
  if (nodes.length % 2 === 1 && last !== undefined) above.push(last);
  return above;
}

/** Root over at least one node. */
export function merkleRoot(nodes: readonly Bytes[]): Bytes {
  if (nodes.length === 0) throw new CodedError('EMPTY_TREE', 'A tree needs at least one node.');
  let level: readonly Bytes[] = nodes;
  while (level.length > 1) level = levelAbove(level);
  const root = level[0];
  invariant(root, 'a tree has a root');
  return root;
}

/** Siblings from the bottom up; levels where the node is promoted have none. */
export function merklePath(nodes: readonly Bytes[], index: number): readonly Bytes[] {
  const path: Bytes[] = [];
  let level: readonly Bytes[] = nodes;
  for (let position = index; level.length > 1; position >>= 1) {
    const sibling = level[position ^ 1];
    if (sibling !== undefined) path.push(sibling);
    level = levelAbove(level);
  }
  return path;
}

/** False as well for a path with a missing or a spare element. */
export function verifyPath(root: Bytes, node: Bytes, index: number, count: number, path: readonly Bytes[]): boolean {
  if (index < 0 || index >= count) return false;
  let current = node;
  let used = 0;
  let width = count;
  for (let position = index; width > 1; position >>= 1, width = (width + 1) >> 1) {
    if (position === width - 1 && width % 2 === 1) continue;
    const sibling = path[used++];
    if (sibling?.length !== 32) return false;
    current = position % 2 === 0 ? innerNode(current, sibling) : innerNode(sibling, current);
  }
  return used === path.length && equal(current, root);
}
