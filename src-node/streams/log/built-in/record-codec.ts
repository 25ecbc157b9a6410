/**
 * Records of the built-in log on disk, one behind the other (docs/protocol/11 §4.13): u32 length ‖ u32 CRC-32 of the rest ‖ u64 offset ‖
 * u64 time in ms ‖ u16 length of the key ‖ key ‖ value.
 */
import { crc32 } from 'node:zlib';
import { asBuffer, type Bytes } from '../../../base/bytes.ts';
import { millis } from '../../../base/clock.ts';
import type { LogRecord, StoredRecord } from '../engine.ts';

export const RECORD_HEAD = 8;
const FIXED = 18;
export const RECORD_OVERHEAD = RECORD_HEAD + FIXED;
/** Larger ones are never written: a length beyond it is damage. */
const MAX_BODY = 4 * 1024 * 1024;
const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

export interface FoundRecord {
  readonly record: StoredRecord;
  /** Where the next one begins. */
  readonly end: number;
}

export function encodeRecords(records: readonly LogRecord[], first: bigint): Buffer {
  const out = Buffer.allocUnsafe(records.reduce((sum, { key, value }) => sum + RECORD_OVERHEAD + key.length + value.length, 0));
  let at = 0;
  records.forEach(({ key, value, timeMillis }, i) => {
    const body = at + RECORD_HEAD;
    const end = body + FIXED + key.length + value.length;
    out.writeBigUInt64BE(first + BigInt(i), body);
    out.writeBigUInt64BE(BigInt(timeMillis), body + 8);
    out.writeUInt16BE(key.length, body + 16);
    out.set(key, body + FIXED);
    out.set(value, body + FIXED + key.length);
    out.writeUInt32BE(end - body, at);
    out.writeUInt32BE(crc32(out.subarray(body, end)), at + 4);
    at = end;
  });
  return out;
}

/** Bytes of the record that begins there, as its head says; undefined where the head is cut or no record's. */
export function recordLengthAt(bytes: Bytes, at: number): number | undefined {
  if (at + RECORD_HEAD > bytes.length) return undefined;
  const length = asBuffer(bytes).readUInt32BE(at);
  return length < FIXED || length > MAX_BODY ? undefined : RECORD_HEAD + length;
}

/** Views into `bytes`; undefined where no whole and right record begins. */
export function recordAt(bytes: Bytes, at: number): FoundRecord | undefined {
  const length = recordLengthAt(bytes, at);
  if (length === undefined || at + length > bytes.length) return undefined;
  const buffer = asBuffer(bytes);
  const body = at + RECORD_HEAD;
  const end = at + length;
  if (crc32(bytes.subarray(body, end)) !== buffer.readUInt32BE(at + 4)) return undefined;
  const value = body + FIXED + buffer.readUInt16BE(body + 16);
  if (value > end) return undefined;
  const record = { offset: buffer.readBigUInt64BE(body), timeMillis: millis(Number(buffer.readBigUInt64BE(body + 8))), key: bytes.subarray(body + FIXED, value), value: bytes.subarray(value, end) };
  return { record, end };
}

/**
 * Whether a whole record begins somewhere from there on: then what is damaged is not just a write that was broken off. Publishers choose the
 * bytes; where too many look like heads of records, it counts as damage.
 */
export function hasRecordBehind(bytes: Bytes, from: number): boolean {
  const buffer = asBuffer(bytes);
  let checked = 0;
  for (let at = from; at + RECORD_OVERHEAD <= bytes.length; at++) {
    const length = recordLengthAt(bytes, at);
    const hasNumbers = buffer.readUInt16BE(at + RECORD_HEAD) === 0 && buffer.readUInt16BE(at + RECORD_HEAD + 8) === 0; // offset and time, below 2⁴⁸
    if (length === undefined || at + length > bytes.length || !hasNumbers) continue;
    checked += length;
    if (checked > MAX_CHECKED_BYTES || recordAt(bytes, at) !== undefined) return true;
  }
  return false;
}
