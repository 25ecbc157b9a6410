/**
 * The tree of packages and of batches: inner = SHA256(0x01 ‖ left ‖ right), an odd last node is promoted unchanged. Works on finished
 * nodes, 32 bytes one after another; a list of items first becomes nodes by `leafNodes`. A path is checked with (index, count), which
 * fixes at which levels a sibling exists (docs/protocol/11 §4.5).
 */
import { equal, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { sha256, sha256Into } from './hash.ts';

const NODE_BYTES = 32;

/** SHA256(0x00 ‖ item) */
export function leafNode(item: Bytes): Bytes {
  const scratch = new Uint8Array(1 + item.length);
  scratch.set(item, 1);
  return sha256(scratch);
}

export function innerNode(left: Bytes, right: Bytes): Bytes {
  const scratch = new Uint8Array(65);
  scratch[0] = 1;
  scratch.set(left, 1);
  scratch.set(right, 33);
  return sha256(scratch);
}

/** Nodes of a list of items, one after another. */
export function leafNodes(items: readonly Bytes[]): Buffer {
  const nodes = Buffer.allocUnsafe(items.length * NODE_BYTES);
  const scratch = new Uint8Array(1 + items.reduce((longest, { length }) => Math.max(longest, length), 0));
  items.forEach((item, i) => {
    scratch.set(item, 1);
    sha256Into(nodes, i * NODE_BYTES, scratch.subarray(0, 1 + item.length));
  });
  return nodes;
}

/** Replaces the nodes at the beginning of `level` by the level above them. @returns how many there are */
function climb(level: Buffer, count: number): number {
  const pair = new Uint8Array(65);
  pair[0] = 1;
  const pairs = count >> 1;
  for (let i = 0; i < pairs; i++) {
    for (let at = 0; at < 64; at++) pair[1 + at] = level[i * 64 + at] ?? 0; // a view costs more than these bytes
    sha256Into(level, i * NODE_BYTES, pair);
  }
  if (count % 2 === 1) level.copyWithin(pairs * NODE_BYTES, (count - 1) * NODE_BYTES, count * NODE_BYTES);
  return pairs + (count % 2);
}

/** Root over at least one node; `nodes` is 32 bytes of each. */
export function merkleRoot(nodes: Bytes): Bytes {
  return rootInPlace(Buffer.from(nodes));
}

/** Root over the nodes of at least one item. */
export function listRoot(items: readonly Bytes[]): Bytes {
  return rootInPlace(leafNodes(items));
}

function rootInPlace(level: Buffer): Bytes {
  if (level.length === 0) throw new CodedError('EMPTY_TREE', 'A tree needs at least one node.');
  for (let count = level.length / NODE_BYTES; count > 1; ) count = climb(level, count);
  return Uint8Array.from(level.subarray(0, NODE_BYTES));
}

/** Siblings from the bottom up; levels where the node is promoted have none. */
export function merklePath(nodes: Bytes, index: number): readonly Bytes[] {
  const path: Bytes[] = [];
  const level = Buffer.from(nodes);
  for (let position = index, count = nodes.length / NODE_BYTES; count > 1; position >>= 1, count = climb(level, count)) {
    const sibling = position ^ 1;
    if (sibling < count) path.push(Uint8Array.from(level.subarray(sibling * NODE_BYTES, sibling * NODE_BYTES + NODE_BYTES)));
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
