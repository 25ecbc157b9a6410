/** Strict RLP decoding (docs/protocol/01 §2): canonical lengths only, nothing behind the item. Strings are views of the input. */
import type { Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { RlpItem } from './encode.ts';

/** No structure of the protocol nests deeper than 5; the bound keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 16;

export function badRlp(reason: string): CodedError<'BAD_RLP'> {
  return new CodedError('BAD_RLP', `The data is not valid RLP: ${reason}.`, { meta: { reason } });
}

/** The one item that `bytes` is. @throws BAD_RLP */
export function decode(bytes: Bytes): RlpItem {
  const reader = new Reader(bytes);
  const item = reader.item(bytes.length, 0);
  if (reader.offset !== bytes.length) throw badRlp('bytes follow the item');
  return item;
}

/** The first item of `bytes`; whatever follows is ignored, as messages between peers allow. @throws BAD_RLP */
export function decodeFirst(bytes: Bytes): RlpItem {
  return new Reader(bytes).item(bytes.length, 0);
}

/**
 * Length of the item that starts at `offset`, head included, or null when its head is not complete yet.
 * @throws BAD_RLP when the head is not canonical
 */
export function itemLengthAt(bytes: Bytes, offset: number): number | null {
  const first = bytes[offset];
  if (first === undefined) return null;
  const lengthBytes = first > 0xf7 ? first - 0xf7 : first > 0xb7 && first < 0xc0 ? first - 0xb7 : 0;
  if (offset + 1 + lengthBytes > bytes.length) return null;
  const head = new Reader(bytes, offset).head();
  return head.start + head.length - offset;
}

/** The encodings of the items of a list, as views. `bytes` was decoded before. @throws BAD_RLP */
export function encodedItemsOf(bytes: Bytes): Bytes[] {
  const { start, length } = new Reader(bytes).head();
  const items: Bytes[] = [];
  for (let offset = start; offset < start + length; ) {
    const end = offset + (itemLengthAt(bytes, offset) ?? Infinity);
    items.push(bytes.subarray(offset, end));
    offset = end;
  }
  return items;
}

interface Head {
  readonly isList: boolean;
  /** Offset of the first payload byte. */
  readonly start: number;
  readonly length: number;
}

class Reader {
  readonly #bytes: Bytes;
  offset: number;

  constructor(bytes: Bytes, offset = 0) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  item(end: number, depth: number): RlpItem {
    if (depth > MAX_DEPTH) throw badRlp('lists are nested too deeply');
    const head = this.head();
    const itemEnd = head.start + head.length;
    if (itemEnd > end) throw badRlp(depth === 0 ? 'the item is longer than the input' : 'an item is longer than what holds it');
    if (!head.isList) {
      if (head.length === 1 && head.start > this.offset && (this.#bytes[head.start] ?? 0) < 0x80) throw badRlp('a single byte is not in its shortest form');
      this.offset = itemEnd;
      return this.#bytes.subarray(head.start, itemEnd);
    }
    const items: RlpItem[] = [];
    this.offset = head.start;
    while (this.offset < itemEnd) items.push(this.item(itemEnd, depth + 1));
    return items;
  }

  head(): Head {
    const { offset } = this;
    const first = this.#bytes[offset];
    if (first === undefined) throw badRlp('the input ends early');
    if (first < 0x80) return { isList: false, start: offset, length: 1 };
    if (first < 0xb8) return { isList: false, start: offset + 1, length: first - 0x80 };
    if (first < 0xc0) return { isList: false, start: offset + 1 + first - 0xb7, length: this.#longLength(first - 0xb7) };
    if (first < 0xf8) return { isList: true, start: offset + 1, length: first - 0xc0 };
    return { isList: true, start: offset + 1 + first - 0xf7, length: this.#longLength(first - 0xf7) };
  }

  #longLength(count: number): number {
    if (this.offset + 1 + count > this.#bytes.length) throw badRlp('the input ends early');
    if (this.#bytes[this.offset + 1] === 0) throw badRlp('a length has leading zeros');
    let length = 0;
    for (let i = 1; i <= count; i++) length = length * 256 + (this.#bytes[this.offset + i] ?? 0);
    if (length < 56) throw badRlp('a short length is in its long form');
    if (length > Number.MAX_SAFE_INTEGER) throw badRlp('a length is out of range');
    return length;
  }
}
