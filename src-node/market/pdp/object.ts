/** The stored form of a chunk: "PDP1" ‖ u8 1 ‖ u8 suite ‖ u64 i ‖ u32 len ‖ u32 n_i ‖ cs_i 16 ‖ strip ‖ ciphertext (docs/protocol/11 §4.5). */
import { equal, u32be, u64be, utf8, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { ChunkFacts, SealedChunk } from './chunk.ts';
import { unitCountOf, type Suite } from './suite.ts';

const MAGIC = utf8('PDP1');
const FORMAT = 1;
export const OBJECT_HEADER_BYTES = 38;

export function objectLength(suite: Suite, length: number): number {
  return OBJECT_HEADER_BYTES + unitCountOf(suite, length) * 32 + length;
}

function headerOf(suite: Suite, facts: Pick<ChunkFacts, 'index' | 'length' | 'salt'>): Bytes {
  const header = new Uint8Array(OBJECT_HEADER_BYTES);
  header.set(MAGIC);
  header.set([FORMAT, suite.number], 4);
  header.set(u64be(facts.index), 6);
  header.set(u32be(facts.length), 14);
  header.set(u32be(unitCountOf(suite, facts.length)), 18);
  header.set(facts.salt, 22);
  return header;
}

export function encodeObject(suite: Suite, { facts, strip, ciphertext }: SealedChunk): Bytes {
  const out = new Uint8Array(objectLength(suite, facts.length));
  out.set(headerOf(suite, facts));
  out.set(strip, OBJECT_HEADER_BYTES);
  out.set(ciphertext, OBJECT_HEADER_BYTES + strip.length);
  return out;
}

/** The parts of the object of exactly this chunk, as views. @throws BAD_OBJECT */
export function decodeObject(suite: Suite, facts: Pick<ChunkFacts, 'index' | 'length' | 'salt'>, object: Bytes): { readonly strip: Bytes; readonly ciphertext: Bytes } {
  const sound = object.length === objectLength(suite, facts.length) && equal(object.subarray(0, OBJECT_HEADER_BYTES), headerOf(suite, facts));
  if (!sound) {
    throw new CodedError('BAD_OBJECT', `Chunk ${facts.index} from this place is not the object of this version.`, { help: 'It is fetched from another place.', meta: { index: facts.index, bytes: object.length } });
  }
  const stripEnd = OBJECT_HEADER_BYTES + unitCountOf(suite, facts.length) * 32;
  return { strip: object.subarray(OBJECT_HEADER_BYTES, stripEnd), ciphertext: object.subarray(stripEnd) };
}
