/**
 * One encrypted record (docs/protocol/11 §4.11): "PDF1" ‖ streamId 32 ‖ u32 generation ‖ u32 epoch ‖ runId 16 ‖ u64 seq ‖ u64 ts_ms ‖ u8 flags ‖
 * u32 ctLen ‖ ct ‖ tag 16. The key belongs to one run of one publisher, so that a number that comes again after a crash meets another key.
 */
import { concat, u32be, utf8, type Bytes } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { NONCE_BYTES, TAG_BYTES, openSealed, sealInto, type GcmKey } from '../../crypto/aes-gcm.ts';
import { hkdfSha256 } from '../../crypto/hash.ts';
import { EPOCH_COUNT, type EpochContext } from './ggm.ts';
import { MAX_RECORD_BYTES } from './record.ts';

const MAGIC = 0x50444631;
const TAG_FRAME_KEY = utf8('PDFK');
const AT = { streamId: 4, generation: 36, epoch: 40, runId: 44, seq: 60, time: 68, flags: 76, length: 77 } as const;
export const FRAME_HEADER_BYTES = 81;
export const RUN_ID_BYTES = 16;
export const STREAM_ID_BYTES = 32;
const MIN_FRAME_BYTES = FRAME_HEADER_BYTES + TAG_BYTES;

export interface FrameHeader extends EpochContext {
  /** Drawn at every start of the publishing process, 16 bytes. */
  readonly runId: Bytes;
  /** Counts the frames of a stream from 0. */
  readonly seq: bigint;
  readonly timeMillis: Millis;
}

export interface Frame extends FrameHeader {
  /** All of it, in the memory that it was read from. */
  readonly bytes: Bytes;
}

/** FK = HKDF-SHA256(ikm EK, salt runId, info "PDFK" ‖ streamId ‖ u32 generation ‖ u32 epoch), 32 bytes. */
export function frameKey(keyOfEpoch: Bytes, { streamId, generation, epoch, runId }: EpochContext & { readonly runId: Bytes }): Bytes {
  return hkdfSha256(keyOfEpoch, runId, concat(TAG_FRAME_KEY, streamId, u32be(generation), u32be(epoch)), 32);
}

/** Of the frame in hand: the cipher takes a copy. Memory of its own off the engine's heap, or it would be moved there for every frame. */
const nonce = Buffer.allocUnsafeSlow(NONCE_BYTES);

/** u32 epoch ‖ u64 seq, as both stand in the frame. */
function nonceOf(frame: Bytes): Bytes {
  for (let i = 0; i < 4; i++) nonce[i] = frame[AT.epoch + i] ?? 0;
  for (let i = 0; i < 8; i++) nonce[4 + i] = frame[AT.seq + i] ?? 0;
  return nonce;
}

export function frameLength(recordBytes: number): number {
  return MIN_FRAME_BYTES + recordBytes;
}

/** @param key FK of the header's run and epoch @param record as `encodeRecord` made it */
export function sealFrame(header: FrameHeader, key: GcmKey, record: Bytes): Bytes {
  const out = new Uint8Array(frameLength(record.length));
  sealFrameInto(out, 0, header, key, record);
  return out;
}

/** The same to `target` at `offset`, where `frameLength` bytes are free. The record may stand there already, at `FRAME_HEADER_BYTES` of it. */
export function sealFrameInto(target: Bytes, offset: number, header: FrameHeader, key: GcmKey, record: Bytes): void {
  const out = target.subarray(offset, offset + frameLength(record.length));
  const view = new DataView(out.buffer, out.byteOffset, FRAME_HEADER_BYTES);
  view.setUint32(0, MAGIC);
  out.set(header.streamId, AT.streamId);
  view.setUint32(AT.generation, header.generation);
  view.setUint32(AT.epoch, header.epoch);
  out.set(header.runId, AT.runId);
  view.setBigUint64(AT.seq, header.seq);
  view.setBigUint64(AT.time, BigInt(header.timeMillis));
  view.setUint32(AT.length, record.length);
  sealInto(out, FRAME_HEADER_BYTES, key, nonceOf(out), record, out.subarray(0, FRAME_HEADER_BYTES));
}

/** The frame that begins at `offset`; what follows it is left alone. @throws BAD_FRAME */
export function readFrame(bytes: Bytes, offset = 0): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = lengthOfFrame(view, offset);
  const epoch = view.getUint32(offset + AT.epoch);
  if (epoch >= EPOCH_COUNT) throw badFrame('epoch');
  const frame = bytes.subarray(offset, offset + length);
  return {
    streamId: frame.subarray(AT.streamId, AT.generation),
    generation: view.getUint32(offset + AT.generation),
    epoch,
    runId: frame.subarray(AT.runId, AT.seq),
    seq: view.getBigUint64(offset + AT.seq),
    timeMillis: readTime(view, offset + AT.time, badFrame),
    bytes: frame,
  };
}

/** The same, when it is known whose frame it has to be and which: names are shared, not read again. @param view of all of `bytes` @throws BAD_FRAME also for another one */
export function readFrameOfRun({ streamId, generation, epoch, runId }: EpochContext & { readonly runId: Bytes }, seq: bigint, bytes: Bytes, view: DataView, offset: number): Frame {
  const length = lengthOfFrame(view, offset);
  if (view.getBigUint64(offset + AT.seq) !== seq || view.getUint32(offset + AT.epoch) !== epoch || view.getUint32(offset + AT.generation) !== generation) throw badFrame('run');
  if (!standsAt(view, offset + AT.streamId, streamId) || !standsAt(view, offset + AT.runId, runId)) throw badFrame('run');
  return { streamId, generation, epoch, runId, seq, timeMillis: readTime(view, offset + AT.time, badFrame), bytes: bytes.subarray(offset, offset + length) };
}

/** By its head. @throws BAD_FRAME when that is none, or what follows it is shorter */
function lengthOfFrame(view: DataView, offset: number): number {
  const left = view.byteLength - offset;
  if (left < MIN_FRAME_BYTES) throw badFrame('length');
  if (view.getUint32(offset) !== MAGIC) throw badFrame('magic');
  const length = view.getUint32(offset + AT.length);
  if (length > MAX_RECORD_BYTES || MIN_FRAME_BYTES + length > left) throw badFrame('length');
  if (view.getUint8(offset + AT.flags) !== 0) throw badFrame('flags');
  return MIN_FRAME_BYTES + length;
}

function standsAt(view: DataView, offset: number, bytes: Bytes): boolean {
  for (let i = 0; i < bytes.length; i++) if (view.getUint8(offset + i) !== bytes[i]) return false;
  return true;
}

/** A time in ms, of 48 bits: as far as what is signed goes. */
export function readTime(view: DataView, offset: number, fault: (why: string) => CodedError): Millis {
  if (view.getUint16(offset) !== 0) throw fault('time');
  return millis(view.getUint16(offset + 2) * 2 ** 32 + view.getUint32(offset + 4));
}

/** The record inside. @param key FK of its run and epoch @throws FRAME_UNREADABLE */
export function openFrame({ bytes, seq }: Frame, key: GcmKey): Bytes {
  const record = openSealed(key, nonceOf(bytes), bytes.subarray(FRAME_HEADER_BYTES), bytes.subarray(0, FRAME_HEADER_BYTES));
  if (record === null) throw new CodedError('FRAME_UNREADABLE', 'A record does not open with the key of its epoch.', { help: 'It is left out and not paid for. Tell the publisher of the stream.', meta: { seq: String(seq) } });
  return record;
}

function badFrame(why: string): CodedError {
  return new CodedError('BAD_FRAME', 'These bytes are not a frame of a stream.', { help: 'Read it again, from another gateway if it comes again.', meta: { why } });
}
