/** Places in a stream as clients hold them: u8 1 ‖ u64 logId ‖ u64 offset ‖ u64 next seq ‖ 16 bytes of an HMAC over the stream and these (docs/protocol/11 §4.13). */
import { timingSafeEqual } from 'node:crypto';
import { asBuffer, concat, u64be, type Bytes } from '../../base/bytes.ts';
import { hmacSha256 } from '../../crypto/hash.ts';
import { CURSOR_BYTES } from './binary-frames.ts';
import { refusal } from './refusal.ts';

const VERSION = 1;
const BODY_BYTES = 25;
const TAG_BYTES = CURSOR_BYTES - BODY_BYTES;
/** No stream reaches it. */
const UNKNOWN_SEQ = (1n << 64n) - 1n;

export interface Place {
  readonly logId: bigint;
  /** Of the record to read next. */
  readonly offset: bigint;
  /** Of the frame that is expected there; null when it is not known. */
  readonly nextSeq: bigint | null;
}

export class Cursors {
  readonly #key: Bytes;

  constructor(secret: Bytes) {
    this.#key = secret;
  }

  /** CURSOR_BYTES of it. */
  bytes(streamId: Bytes, { logId, offset, nextSeq }: Place): Bytes {
    const body = concat(Uint8Array.of(VERSION), u64be(logId), u64be(offset), u64be(nextSeq ?? UNKNOWN_SEQ));
    return concat(body, this.#tag(streamId, body));
  }

  text(streamId: Bytes, place: Place): string {
    return asBuffer(this.bytes(streamId, place)).toString('base64url');
  }

  /** @throws cursor_invalid */
  read(streamId: Bytes, text: string): Place {
    const bytes = Buffer.from(text, 'base64url');
    const body = bytes.subarray(0, BODY_BYTES);
    if (bytes.length !== CURSOR_BYTES || bytes[0] !== VERSION || !timingSafeEqual(bytes.subarray(BODY_BYTES), this.#tag(streamId, body))) throw refusal('cursor_invalid');
    const seq = body.readBigUInt64BE(17);
    return { logId: body.readBigUInt64BE(1), offset: body.readBigUInt64BE(9), nextSeq: seq === UNKNOWN_SEQ ? null : seq };
  }

  #tag(streamId: Bytes, body: Bytes): Bytes {
    return hmacSha256(this.#key, Buffer.from('pd-cursor'), streamId, body).subarray(0, TAG_BYTES);
  }
}
