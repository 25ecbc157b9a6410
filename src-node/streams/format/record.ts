/** What is inside a frame: u8 version 1 ‖ u8 content type ‖ u16 schema version ‖ body (docs/protocol/11 §4.11). */
import type { Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';

const VERSION = 1;
const HEADER_BYTES = 4;
/** Of a record with its four bytes. */
export const MAX_RECORD_BYTES = 64 * 1024;

/** `json`: one object, `csv`: one row, both UTF-8. */
export type ContentType = 'json' | 'csv' | 'octets';
const NUMBERS: Readonly<Record<ContentType, number>> = { json: 1, csv: 2, octets: 3 };
/** By their numbers. */
const TYPES: readonly (ContentType | undefined)[] = [undefined, 'json', 'csv', 'octets'];

export interface StreamRecordContent {
  readonly contentType: ContentType;
  /** Of the columns that the stream declares, 0 … 65,535. */
  readonly schemaVersion: number;
  readonly body: Bytes;
}

/** Of the record as it is encoded. @throws BAD_RECORD when it is too long */
export function recordLength({ body }: StreamRecordContent): number {
  const length = HEADER_BYTES + body.length;
  if (length > MAX_RECORD_BYTES) throw badRecord('size', `has ${body.length} bytes; ${MAX_RECORD_BYTES - HEADER_BYTES} fit`);
  return length;
}

/** @throws BAD_RECORD */
export function encodeRecord(content: StreamRecordContent): Bytes {
  return encodeRecordInto(new Uint8Array(recordLength(content)), 0, content);
}

/** To `target` at `offset`, where `recordLength` bytes are free. @returns the view of it @throws BAD_RECORD */
export function encodeRecordInto(target: Bytes, offset: number, content: StreamRecordContent): Bytes {
  const { contentType, schemaVersion, body } = content;
  const out = target.subarray(offset, offset + recordLength(content));
  out[0] = VERSION;
  out[1] = NUMBERS[contentType];
  out[2] = schemaVersion >> 8;
  out[3] = schemaVersion;
  out.set(body, HEADER_BYTES);
  return out;
}

/** The body shares the memory of `bytes`. @throws BAD_RECORD */
export function decodeRecord(bytes: Bytes): StreamRecordContent {
  if (bytes.length < HEADER_BYTES || bytes.length > MAX_RECORD_BYTES) throw badRecord('size', 'has an impossible length');
  const contentType = TYPES[bytes[1] ?? 0];
  if (bytes[0] !== VERSION || contentType === undefined) throw badRecord('version', 'is of a kind that this version does not know');
  return { contentType, schemaVersion: (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0), body: bytes.subarray(HEADER_BYTES) };
}

function badRecord(why: string, text: string): CodedError {
  return new CodedError('BAD_RECORD', `A record ${text}.`, { help: 'Nothing else of the stream is touched. Tell its publisher.', meta: { why } });
}
