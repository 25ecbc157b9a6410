/**
 * Keys of epochs as leaves of a tree of depth 20 (docs/protocol/11 §4.11): whoever has a node has the epochs below it and no others, so
 * a span of time is handed over in a few nodes.
 */
import { u32be, utf8, type Bytes } from '../../base/bytes.ts';
import { CodedError, invariant } from '../../base/errors.ts';
import { hmacSha256, sha256Parts } from '../../crypto/hash.ts';

const DEPTH = 20;
/** Epochs of a generation: 0 … 2²⁰ - 1. */
export const EPOCH_COUNT = 2 ** DEPTH;

const LEFT = Uint8Array.of(0);
const RIGHT = Uint8Array.of(1);
const TAG_EPOCH_KEY = utf8('PDEK');
const TAG_COMMIT = utf8('PDEC');

/** `prefix`: the first `depth` bits of the epochs below it. The root has depth 0, an epoch's own leaf depth 20. */
export interface GgmPlace {
  readonly depth: number;
  readonly prefix: number;
}

export interface GgmNode extends GgmPlace {
  /** 32 bytes */
  readonly key: Bytes;
}

/** Whose epoch: its key is worth nothing elsewhere. */
export interface EpochContext {
  readonly streamId: Bytes;
  readonly generation: number;
  readonly epoch: number;
}

/** Towards the epoch, from a node that is above it. */
function descend(key: Bytes, from: number, to: number, path: number): Bytes {
  let node = key;
  for (let depth = from; depth < to; depth++) node = hmacSha256(node, ((path >>> (to - 1 - depth)) & 1) === 0 ? LEFT : RIGHT);
  return node;
}

function keyOfLeaf(leaf: Bytes, { streamId, generation, epoch }: EpochContext): Bytes {
  return hmacSha256(leaf, TAG_EPOCH_KEY, streamId, u32be(generation), u32be(epoch));
}

/** EK of one epoch, 32 bytes. */
export function epochKey(root: Bytes, context: EpochContext): Bytes {
  checkRange(context.epoch, context.epoch);
  return keyOfLeaf(descend(root, 0, DEPTH, context.epoch), context);
}

/** The places that together cover `from` … `to` (inclusive) and nothing else, in their order; n epochs need at most max(1, 2·log₂ n). @throws BAD_EPOCHS */
export function rangePlaces(from: number, to: number): readonly GgmPlace[] {
  checkRange(from, to);
  const places: GgmPlace[] = [];
  for (let at = from; at <= to; ) {
    let height = 0;
    while (height < DEPTH && at % 2 ** (height + 1) === 0 && at + 2 ** (height + 1) - 1 <= to) height += 1;
    places.push({ depth: DEPTH - height, prefix: at / 2 ** height });
    at += 2 ** height;
  }
  return places;
}

/** @throws BAD_EPOCHS */
export function rangeNodes(root: Bytes, from: number, to: number): readonly GgmNode[] {
  return rangePlaces(from, to).map(({ depth, prefix }) => ({ depth, prefix, key: descend(root, 0, depth, prefix) }));
}

/** EK out of nodes that were handed over; null when none of them is above that epoch. */
export function keyFromNodes(nodes: readonly GgmNode[], context: EpochContext): Bytes | null {
  const { epoch } = context;
  const node = nodes.find(({ depth, prefix }) => Math.floor(epoch / 2 ** (DEPTH - depth)) === prefix);
  return node === undefined ? null : keyOfLeaf(descend(node.key, node.depth, DEPTH, epoch), context);
}

/** SHA256("PDEC" ‖ EK): without it one ciphertext could read differently for two readers. */
export function epochCommit(key: Bytes): Bytes {
  return sha256Parts(TAG_COMMIT, key);
}

/** Epoch of a time, by the stream's record on the chain; both in ms. @throws BAD_EPOCHS before the stream began or after its last epoch */
export function epochAt(timeMillis: number, startMillis: number, epochMillis: number): number {
  invariant(epochMillis > 0, 'an epoch lasts a while');
  const epoch = Math.floor((timeMillis - startMillis) / epochMillis);
  checkRange(epoch, epoch);
  return epoch;
}

function checkRange(from: number, to: number): void {
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to < EPOCH_COUNT) return;
  throw new CodedError('BAD_EPOCHS', `A stream has the epochs 0 to ${EPOCH_COUNT - 1}.`, { help: 'Check the computer\'s clock; at the end of the epochs begin a new generation.', meta: { from, to } });
}
