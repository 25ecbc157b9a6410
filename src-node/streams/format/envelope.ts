/**
 * Keys of a span of epochs, sealed to one subscriber (docs/protocol/11 §4.11). Inside: "PDE1" ‖ streamId 32 ‖ u32 generation ‖ u32 from ‖ u32 to ‖ u8 n ‖
 * n × (u8 depth ‖ u32 prefix ‖ node 32). What the keys are worth is told by the epochCommit of signed batches, never by the envelope.
 */
import { concat, u32be, u64be, utf8, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { eciesSeal } from '../../crypto/ecies.ts';
import { STREAM_ID_BYTES } from './frame.ts';
import { EPOCH_COUNT, rangePlaces, type GgmNode } from './ggm.ts';

const MAGIC = utf8('PDE1');
const PURPOSE = utf8('pd-envelope');
const HEADER_BYTES = 49;
const NODE_BYTES = 37;

export interface EnvelopeContent {
  readonly streamId: Bytes;
  readonly generation: number;
  /** First and last epoch. */
  readonly from: number;
  readonly to: number;
  /** Exactly those that cover the span, in their order. */
  readonly nodes: readonly GgmNode[];
}

/** What an envelope is sealed for: "pd-envelope" ‖ u64 chainId ‖ streamId. */
export function envelopeContext(chainId: bigint, streamId: Bytes): Bytes {
  return concat(PURPOSE, u64be(chainId), streamId);
}

export function encodeEnvelope({ streamId, generation, from, to, nodes }: EnvelopeContent): Bytes {
  const parts = nodes.map(({ depth, prefix, key }) => concat(Uint8Array.of(depth), u32be(prefix), key));
  return concat(MAGIC, streamId, u32be(generation), u32be(from), u32be(to), Uint8Array.of(nodes.length), ...parts);
}

/** @throws BAD_ENVELOPE also for nodes that are more, fewer or others than the span needs */
export function decodeEnvelope(bytes: Bytes): EnvelopeContent {
  if (bytes.length < HEADER_BYTES) throw badEnvelope('length');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw badEnvelope('magic');
  const [generation, from, to] = [view.getUint32(36), view.getUint32(40), view.getUint32(44)];
  if (from > to || to >= EPOCH_COUNT) throw badEnvelope('epochs');
  const places = rangePlaces(from, to);
  if (view.getUint8(48) !== places.length || bytes.length !== HEADER_BYTES + places.length * NODE_BYTES) throw badEnvelope('nodes');
  const nodes = places.map(({ depth, prefix }, i) => {
    const at = HEADER_BYTES + i * NODE_BYTES;
    if (view.getUint8(at) !== depth || view.getUint32(at + 1) !== prefix) throw badEnvelope('nodes');
    return { depth, prefix, key: Uint8Array.from(bytes.subarray(at + 5, at + NODE_BYTES)) };
  });
  return { streamId: Uint8Array.from(bytes.subarray(4, 4 + STREAM_ID_BYTES)), generation, from, to, nodes };
}

/** @param publicKey64 of the subscription's key @param ephemeral drawn anew but in recorded vectors @throws BAD_POINT */
export function sealEnvelope(content: EnvelopeContent, chainId: bigint, publicKey64: Bytes, ephemeral?: Bytes): Bytes {
  return eciesSeal(encodeEnvelope(content), publicKey64, envelopeContext(chainId, content.streamId), ephemeral);
}

/** @param decrypt `eciesOpen` with the subscription's key and the envelope's context, where the key is @throws BAD_ENVELOPE, and what `decrypt` throws */
export async function openEnvelope(sealed: Bytes, decrypt: (sealed: Bytes) => Promise<Bytes>): Promise<EnvelopeContent> {
  return decodeEnvelope(await decrypt(sealed));
}

function badEnvelope(why: string): CodedError {
  return new CodedError('BAD_ENVELOPE', 'The keys that were handed over for this stream are not in a form that can be read.', { help: 'Ask the publisher for them again. Nothing is paid for epochs without their keys.', meta: { why } });
}
