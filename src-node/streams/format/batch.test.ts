import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromBigInt, toBigInt, utf8, type Bytes } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { TypedDomain } from '../../contracts/typed-data.ts';
import { CURVE_N, addressOf, sign } from '../../crypto/secp256k1.ts';
import { MAX_BATCH_BYTES, NO_BATCH, batchDigest, decodeBatch, encodeBatch, framesRoot, verifyBatch, type BatchFields } from './batch.ts';
import { decodeEnvelope } from './envelope.ts';
import { frameKey, openFrame, readFrame, sealFrame, type FrameHeader } from './frame.ts';
import { epochCommit, epochKey } from './ggm.ts';
import { decodeRecord, encodeRecord } from './record.ts';

const secret = new Uint8Array(32).fill(7);
const publisher = addressOf(secret);
const domain: TypedDomain = { chainId: 337n, genesisHash: new Uint8Array(32).fill(1), contract: new Uint8Array(20).fill(2) };
const context = { streamId: new Uint8Array(32).fill(0x5d), generation: 1, epoch: 1000, runId: new Uint8Array(16).fill(0x99) };
const key = epochKey(new Uint8Array(32).fill(0x33), context);

function headerAt(seq: bigint, change: Partial<FrameHeader> = {}): FrameHeader {
  return { ...context, seq, timeMillis: millis(1_800_000_000_000), ...change };
}

const recordOf = (text: string): Bytes => encodeRecord({ contentType: 'json', schemaVersion: 3, body: utf8(text) });

function framesOf(texts: readonly string[], firstSeq: bigint, change: Partial<FrameHeader> = {}): readonly Bytes[] {
  return texts.map((text, i) => sealFrame(headerAt(firstSeq + BigInt(i), change), frameKey(key, context), recordOf(text)));
}

function fieldsOf(frames: readonly Bytes[], change: Partial<BatchFields> = {}): BatchFields {
  return {
    ...context, firstSeq: 0n, count: frames.length, prevBatchHash: NO_BATCH, framesRoot: framesRoot(frames), epochCommit: Uint8Array.from(epochCommit(key)), timeMillis: millis(1_800_000_001_000),
    ...change,
  };
}

function signed(fields: BatchFields): Bytes {
  const signature = sign(batchDigest(fields, domain), secret);
  return concat(signature.subarray(0, 64), Uint8Array.of(27 + (signature[64] ?? 0)));
}

const frames = framesOf(['{"t":1}', '{"t":2}', '{}'], 0n);
const good = encodeBatch(fieldsOf(frames), signed(fieldsOf(frames)), frames);

/** `undefined` when it is taken. */
function whyRefused(bytes: Bytes): unknown {
  try {
    verifyBatch(decodeBatch(bytes), domain, publisher);
    return undefined;
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'BAD_BATCH') throw error;
    return error.meta['why'];
  }
}

/** A batch that its publisher signed and that is still wrong. */
function signedBatch(list: readonly Bytes[], change: Partial<BatchFields> = {}): Bytes {
  const fields = fieldsOf(list, change);
  return encodeBatch(fields, signed(fields), list);
}

describe('a frame', () => {
  it('opens to what was sealed, with its header of 81 bytes', () => {
    const frame = readFrame(frames[1]!);
    expect(frame).toMatchObject({ ...headerAt(1n), bytes: frames[1]! });
    expect(frames[1]!.length).toBe(81 + recordOf('{"t":2}').length + 16);
    expect(decodeRecord(openFrame(frame, frameKey(key, context)))).toEqual({ contentType: 'json', schemaVersion: 3, body: Buffer.from('{"t":2}') });
  });

  it('opens with no other key, and not when one bit of it was turned', () => {
    const other = frameKey(key, { ...context, runId: new Uint8Array(16).fill(0x98) });
    expect(() => openFrame(readFrame(frames[0]!), other)).toThrow(expect.objectContaining({ code: 'FRAME_UNREADABLE' }));
    fc.assert(fc.property(fc.nat(frames[0]!.length * 8 - 1), (bit) => {
      const changed = Uint8Array.from(frames[0]!);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => openFrame(readFrame(changed), frameKey(key, context))).toThrow(CodedError);
    }));
  });
});

describe('a record', () => {
  it('is of a known version and kind, and of at most 64 KiB', () => {
    const octets = { contentType: 'octets', schemaVersion: 65_535, body: new Uint8Array(65_532) } as const;
    expect(decodeRecord(encodeRecord(octets))).toEqual(octets);
    expect(() => encodeRecord({ ...octets, body: new Uint8Array(65_533) })).toThrow(expect.objectContaining({ code: 'BAD_RECORD' }));
    for (const bad of ['', '0101', '02010000', '01000000', '01040000']) expect(() => decodeRecord(Buffer.from(bad, 'hex'))).toThrow(expect.objectContaining({ code: 'BAD_RECORD' }));
  });
});

describe('a batch', () => {
  it('is read as it was written', () => {
    const { fields, signature, frames: read, bytes } = decodeBatch(good);
    expect(fields).toEqual(fieldsOf(frames));
    expect(signature).toEqual(signed(fields));
    expect(read.map((frame) => frame.bytes)).toEqual(frames);
    expect([bytes.length, whyRefused(good)]).toEqual([241 + frames.reduce((sum, { length }) => sum + length, 0), undefined]);
  });

  it('is refused when any byte of it is another', () => {
    for (let at = 0; at < good.length; at++) {
      const changed = Uint8Array.from(good);
      changed[at]! ^= 1 + (at % 255);
      expect(whyRefused(changed), `byte ${at}`).toBeTypeOf('string');
    }
  });

  it('is refused when it is longer, shorter or not signed for this chain by this publisher', () => {
    expect(whyRefused(concat(good, Uint8Array.of(0)))).toBe('size');
    for (let length = 0; length < good.length; length += 7) expect(['size', 'frames']).toContain(whyRefused(good.subarray(0, length)));
    expect(whyRefused(new Uint8Array(MAX_BATCH_BYTES + 1))).toBe('size');
    expect(() => verifyBatch(decodeBatch(good), { ...domain, chainId: 41n }, publisher)).toThrow(expect.objectContaining({ meta: { why: 'publisher' } }));
    expect(() => verifyBatch(decodeBatch(good), { ...domain, genesisHash: new Uint8Array(32).fill(9) }, publisher)).toThrow(CodedError);
    expect(() => verifyBatch(decodeBatch(good), domain, new Uint8Array(20))).toThrow(expect.objectContaining({ meta: { why: 'publisher' } }));
  });

  it('has one form of its signature', () => {
    const signature = signed(fieldsOf(frames));
    const highS = concat(signature.subarray(0, 32), fromBigInt(CURVE_N - toBigInt(signature.subarray(32, 64)), 32), Uint8Array.of(signature[64] === 27 ? 28 : 27));
    const recoveryId = concat(signature.subarray(0, 64), Uint8Array.of((signature[64] ?? 27) - 27));
    for (const other of [highS, recoveryId, concat(new Uint8Array(32).fill(0xff), new Uint8Array(32).fill(1), Uint8Array.of(27)), new Uint8Array(65)]) expect(whyRefused(encodeBatch(fieldsOf(frames), other, frames))).toBe('signature');
  });

  it('holds frames of its own stream, generation, epoch and run, without holes, as many as it says', () => {
    const odd = (change: Partial<FrameHeader>): Bytes => signedBatch([frames[0]!, ...framesOf(['x'], 1n, change)]);
    for (const change of [{ seq: 2n }, { seq: 0n }, { epoch: 1001 }, { generation: 2 }, { runId: new Uint8Array(16) }, { streamId: new Uint8Array(32) }]) expect(whyRefused(odd(change))).toBe('frames');
    expect(whyRefused(odd({}))).toBeUndefined();
    expect(whyRefused(signedBatch(frames, { count: 2 }))).toBe('size');
    expect(whyRefused(signedBatch(frames, { count: 4 }))).toBe('frames');
    expect(whyRefused(signedBatch(frames, { count: 0 }))).toBe('count');
    expect(whyRefused(signedBatch(framesOf(Array.from({ length: 257 }, () => ''), 0n)))).toBe('count');
    expect(whyRefused(signedBatch([frames[0]!, frames[2]!, frames[1]!]))).toBe('frames');
    expect(whyRefused(signedBatch(frames, { framesRoot: framesRoot(frames.slice(0, 2)) }))).toBe('framesRoot');
  });

  it('follows another unless it is the first', () => {
    expect(whyRefused(signedBatch(frames, { prevBatchHash: new Uint8Array(32).fill(1) }))).toBe('prevBatchHash');
    const later = framesOf(['a'], 5n);
    expect(whyRefused(signedBatch(later, { firstSeq: 5n }))).toBe('prevBatchHash');
    expect(whyRefused(signedBatch(later, { firstSeq: 5n, prevBatchHash: new Uint8Array(32).fill(1) }))).toBeUndefined();
    const last = framesOf(['a'], (1n << 64n) - 1n);
    const atEnd = { firstSeq: (1n << 64n) - 1n, prevBatchHash: new Uint8Array(32).fill(1) };
    expect(whyRefused(signedBatch(last, atEnd))).toBeUndefined();
    expect(whyRefused(signedBatch([...last, ...framesOf(['b'], 0n)], atEnd))).toBe('seq');
  });
});

describe('bytes from outside', () => {
  it('are read or refused with a code, whatever they are', () => {
    const noise = fc.uint8Array({ maxLength: 600 });
    const mutated = fc.tuple(fc.nat(good.length - 1), noise, fc.nat(good.length)).map(([at, bytes, end]) => {
      const changed = Uint8Array.from(good);
      changed.set(bytes.subarray(0, changed.length - at), at);
      return changed.subarray(0, end);
    });
    fc.assert(fc.property(fc.oneof(noise, mutated), (bytes) => {
      for (const decode of [decodeBatch, readFrame, decodeRecord, decodeEnvelope]) {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
        }
      }
    }), { numRuns: 500 });
  });
});
