/**
 * Consecutive frames of one epoch under one signature (docs/protocol/11 §4.11): "PDB1" ‖ streamId 32 ‖ u32 generation ‖ u32 epoch ‖ runId 16 ‖ u64 firstSeq ‖
 * u32 count ‖ prevBatchHash 32 ‖ framesRoot 32 ‖ epochCommit 32 ‖ u64 ts_ms ‖ signature 65 ‖ frames one after another.
 */
import { equal, isZero, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { batchStructHash, digest, domainSeparator, type BatchMessage, type TypedDomain } from '../../contracts/typed-data.ts';
import { listRoot } from '../../crypto/merkle.ts';
import { typedSigner } from '../../crypto/typed-signer.ts';
import { readFrameOfRun, readTime, type Frame } from './frame.ts';
import { EPOCH_COUNT } from './ggm.ts';

const MAGIC = 0x50444231;
const AT = { streamId: 4, generation: 36, epoch: 40, runId: 44, firstSeq: 60, count: 68, prevBatchHash: 72, framesRoot: 104, epochCommit: 136, time: 168, signature: 176 } as const;
export const BATCH_HEADER_BYTES = 241;
export const MAX_BATCH_FRAMES = 256;
/** Of a whole batch as it is sent. */
export const MAX_BATCH_BYTES = 1 << 20;
/** u64 */
const SEQ_LIMIT = 1n << 64n;

/** What is signed; times in ms. */
export type BatchFields = BatchMessage;

/** What stands before the frames; it shows alone that its publisher signed such a batch. */
export interface BatchHeader {
  readonly fields: BatchFields;
  /** r ‖ s ‖ v with v 27 or 28 and a low s. */
  readonly signature: Bytes;
  /** Its name in the chain of batches. */
  readonly hash: Bytes;
}

export interface DecodedBatch extends BatchHeader {
  /** Their bytes share the memory of what was decoded. */
  readonly frames: readonly Frame[];
  /** All of it. */
  readonly bytes: Bytes;
}

/** prevBatchHash of the first batch of a stream. */
export const NO_BATCH: Bytes = new Uint8Array(32);

/** EIP-712 hashStruct, 32 bytes. */
export function batchHash(fields: BatchFields): Bytes {
  return batchStructHash(fields);
}

/** Root over the frames' whole bytes by the tree of packages (docs/protocol/11 §4.5). */
export function framesRoot(frames: readonly Bytes[]): Bytes {
  return listRoot(frames);
}

/** What a publisher's key signs. */
export function batchDigest(fields: BatchFields, domain: TypedDomain): Bytes {
  return digest(domainSeparator(domain), batchStructHash(fields));
}

export function encodeBatch(fields: BatchFields, signature: Bytes, frames: readonly Bytes[]): Bytes {
  const out = new Uint8Array(frames.reduce((length, frame) => length + frame.length, BATCH_HEADER_BYTES));
  writeBatchHeader(out, fields, signature);
  let at = BATCH_HEADER_BYTES;
  for (const frame of frames) {
    out.set(frame, at);
    at += frame.length;
  }
  return out;
}

/** What stands before the frames, to the beginning of `out`. */
export function writeBatchHeader(out: Bytes, fields: BatchFields, signature: Bytes): void {
  const view = new DataView(out.buffer, out.byteOffset);
  view.setUint32(0, MAGIC);
  out.set(fields.streamId, AT.streamId);
  view.setUint32(AT.generation, fields.generation);
  view.setUint32(AT.epoch, fields.epoch);
  out.set(fields.runId, AT.runId);
  view.setBigUint64(AT.firstSeq, fields.firstSeq);
  view.setUint32(AT.count, fields.count);
  out.set(fields.prevBatchHash, AT.prevBatchHash);
  out.set(fields.framesRoot, AT.framesRoot);
  out.set(fields.epochCommit, AT.epochCommit);
  view.setBigUint64(AT.time, BigInt(fields.timeMillis));
  out.set(signature, AT.signature);
}

/** Bounds and form; nothing of it is believed before `verifyBatch`. @throws BAD_BATCH (meta.why) */
export function decodeBatch(bytes: Bytes): DecodedBatch {
  if (bytes.length <= BATCH_HEADER_BYTES || bytes.length > MAX_BATCH_BYTES) throw badBatch('size');
  const header = decodeBatchHeader(bytes.subarray(0, BATCH_HEADER_BYTES));
  return { ...header, frames: framesOf(bytes, header.fields), bytes };
}

/** Bounds and form of the bytes before the frames; nothing of it is believed before `verifyBatchHeader`. @throws BAD_BATCH (meta.why) */
export function decodeBatchHeader(bytes: Bytes): BatchHeader {
  if (bytes.length !== BATCH_HEADER_BYTES) throw badBatch('size');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0) !== MAGIC) throw badBatch('magic');
  const fields: BatchFields = {
    streamId: bytes.subarray(AT.streamId, AT.generation),
    generation: view.getUint32(AT.generation),
    epoch: view.getUint32(AT.epoch),
    runId: bytes.subarray(AT.runId, AT.firstSeq),
    firstSeq: view.getBigUint64(AT.firstSeq),
    count: view.getUint32(AT.count),
    prevBatchHash: bytes.subarray(AT.prevBatchHash, AT.framesRoot),
    framesRoot: bytes.subarray(AT.framesRoot, AT.epochCommit),
    epochCommit: bytes.subarray(AT.epochCommit, AT.time),
    timeMillis: readTime(view, AT.time, badBatch),
  };
  const { epoch, count, firstSeq, prevBatchHash } = fields;
  if (epoch >= EPOCH_COUNT) throw badBatch('epoch');
  if (count < 1 || count > MAX_BATCH_FRAMES) throw badBatch('count');
  if (firstSeq + BigInt(count) > SEQ_LIMIT) throw badBatch('seq');
  if ((firstSeq === 0n) !== isZero(prevBatchHash)) throw badBatch('prevBatchHash');
  return { fields, signature: bytes.subarray(AT.signature), hash: batchHash(fields) };
}

/** Exactly `count` frames, numbered without holes, each of this batch's stream, generation, epoch and run. */
function framesOf(bytes: Bytes, fields: BatchFields): readonly Frame[] {
  const frames: Frame[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = BATCH_HEADER_BYTES;
  try {
    for (let i = 0, seq = fields.firstSeq; i < fields.count; i++, seq += 1n) {
      const frame = readFrameOfRun(fields, seq, bytes, view, at);
      frames.push(frame);
      at += frame.bytes.length;
    }
  } catch (error) {
    throw badBatch('frames', error);
  }
  if (at !== bytes.length) throw badBatch('size');
  return frames;
}

/** That the publisher signed exactly these frames. @param domain of PDStream @param publisher address, from the stream's record on the chain @throws BAD_BATCH (meta.why: signature, publisher, framesRoot) */
export function verifyBatch(batch: DecodedBatch, domain: TypedDomain, publisher: Bytes): void {
  verifyBatchHeader(batch, domain, publisher);
  if (!equal(framesRoot(batch.frames.map(({ bytes }) => bytes)), batch.fields.framesRoot)) throw badBatch('framesRoot');
}

/** That the publisher signed a batch with this header. @param domain and @param publisher as for `verifyBatch` @throws BAD_BATCH (meta.why: signature, publisher) */
export function verifyBatchHeader({ signature, hash }: BatchHeader, domain: TypedDomain, publisher: Bytes): void {
  const signer = typedSigner(digest(domainSeparator(domain), hash), signature);
  if (signer === null) throw badBatch('signature');
  if (!equal(signer.address, publisher)) throw badBatch('publisher');
}

/** Number after the last frame. */
export function nextSeq({ firstSeq, count }: Pick<BatchFields, 'firstSeq' | 'count'>): bigint {
  return firstSeq + BigInt(count);
}

function badBatch(why: string, cause?: unknown): CodedError {
  return new CodedError('BAD_BATCH', 'A batch of the stream is not one that its publisher signed.', { help: 'It is left out and not paid for. Read it again, from another gateway if it comes again.', meta: { why }, cause });
}
