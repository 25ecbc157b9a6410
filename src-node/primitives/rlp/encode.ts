/** RLP encoding (docs/protocol/01 §2): one pass for the length, one into a single buffer. */
import { minimalBytes, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';

export type RlpItem = Bytes | readonly RlpItem[];

/** Minimal big-endian form of an unsigned integer; 0 is the empty string. @throws BAD_RLP when negative */
export function encodeUint(value: bigint | number): Bytes {
  if (value < 0) throw new CodedError('BAD_RLP', 'A negative number has no RLP form.');
  return minimalBytes(value);
}

export function encode(item: RlpItem): Bytes {
  const out = new Uint8Array(encodedLength(item));
  write(item, out, 0);
  return out;
}

/** As `encode`, out of the runtime's pool: for what is hashed or written and then dropped, since a piece that is kept holds all of its pool. */
export function encodeBriefly(item: RlpItem): Bytes {
  const out = Buffer.allocUnsafe(encodedLength(item));
  write(item, out, 0);
  return out;
}

/** A list whose items are encoded already. */
export function encodeListOf(encodedItems: readonly Bytes[]): Bytes {
  let payload = 0;
  for (const item of encodedItems) payload += item.length;
  const out = new Uint8Array(headLength(payload) + payload);
  let offset = writeHead(out, 0, 0xc0, payload);
  for (const item of encodedItems) {
    out.set(item, offset);
    offset += item.length;
  }
  return out;
}

export function encodedLength(item: RlpItem): number {
  if (isString(item)) {
    if (item.length === 1 && (item[0] ?? 0) < 0x80) return 1;
    return headLength(item.length) + item.length;
  }
  const payload = payloadLength(item);
  return headLength(payload) + payload;
}

function isString(item: RlpItem): item is Bytes {
  return item instanceof Uint8Array;
}

function payloadLength(items: readonly RlpItem[]): number {
  let payload = 0;
  for (const item of items) payload += encodedLength(item);
  return payload;
}

/** Bytes of the head in front of a payload of that length. */
export function headLength(payload: number): number {
  if (payload < 56) return 1;
  let bytes = 1;
  for (let rest = payload; rest > 0; rest = Math.floor(rest / 256)) bytes++;
  return bytes;
}

/** Writes the head of a string (`base` 0x80) or list (0xc0). @returns the offset behind it */
export function writeHead(out: Bytes, offset: number, base: 0x80 | 0xc0, payload: number): number {
  if (payload < 56) {
    out[offset] = base + payload;
    return offset + 1;
  }
  const end = offset + headLength(payload);
  out[offset] = base + 55 + (end - offset - 1);
  for (let at = end - 1, rest = payload; at > offset; at--, rest = Math.floor(rest / 256)) out[at] = rest % 256;
  return end;
}

function write(item: RlpItem, out: Bytes, offset: number): number {
  if (isString(item)) {
    if (item.length === 1 && (item[0] ?? 0) < 0x80) {
      out[offset] = item[0] ?? 0;
      return offset + 1;
    }
    const start = writeHead(out, offset, 0x80, item.length);
    out.set(item, start);
    return start + item.length;
  }
  let at = writeHead(out, offset, 0xc0, payloadLength(item));
  for (const child of item) at = write(child, out, at);
  return at;
}
