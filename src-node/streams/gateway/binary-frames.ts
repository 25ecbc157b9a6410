/** Batches on a socket, both ways: the binary frames of docs/protocol/11 §4.13. */
import { asBuffer, concat, u64be, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';

/** First byte of a binary frame. PUB_GAP: as `?gap=allow`. */
export const BINARY = { DATA: 1, PUB: 2, PUB_GAP: 3 } as const;
/** A cursor's bytes; its text is their base64url. */
export const CURSOR_BYTES = 41;
const DATA_HEADER_BYTES = 1 + 8 + CURSOR_BYTES;

/** What stands before a batch on its way to a reader: u8 1 ‖ u64 offset ‖ 41 bytes of the cursor behind it. */
export function dataHead(offset: bigint, cursor: Bytes): Bytes {
  return concat(Uint8Array.of(BINARY.DATA), u64be(offset), cursor);
}

/** @param frame head and batch @throws BAD_FRAME */
export function decodeData(frame: Bytes): { readonly offset: bigint; readonly cursor: string; readonly batch: Bytes } {
  if (frame.length <= DATA_HEADER_BYTES || frame[0] !== BINARY.DATA) throw new CodedError('BAD_FRAME', 'A gateway sent bytes that are no batch.');
  return { offset: asBuffer(frame).readBigUInt64BE(1), cursor: asBuffer(frame.subarray(9, DATA_HEADER_BYTES)).toString('base64url'), batch: frame.subarray(DATA_HEADER_BYTES) };
}

/** u8 2 or 3 ‖ batch. */
export function encodePub(batch: Bytes, options: { readonly gap: boolean }): Bytes {
  return concat(Uint8Array.of(options.gap ? BINARY.PUB_GAP : BINARY.PUB), batch);
}
