/** Typed reading of decoded RLP: each function takes one item and says what it has to be. All @throws BAD_RLP. */
import { toBigInt, type Bytes } from '../../base/bytes.ts';
import { badRlp } from './decode.ts';
import type { RlpItem } from './encode.ts';

/** A list; of exactly `length` items when given. */
export function listIn(item: RlpItem | undefined, length?: number): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) throw badRlp('a list was expected');
  if (length !== undefined && item.length !== length) throw badRlp(`a list of ${length} items was expected, not ${item.length}`);
  return item;
}

/** A string; of exactly `length` bytes when given. */
export function bytesIn(item: RlpItem | undefined, length?: number): Bytes {
  if (!(item instanceof Uint8Array)) throw badRlp('a string was expected');
  if (length !== undefined && item.length !== length) throw badRlp(`${length} bytes were expected, not ${item.length}`);
  return item;
}

/** An unsigned integer without leading zeros; of at most `maxBytes` when given. */
export function uintIn(item: RlpItem | undefined, maxBytes = Infinity): bigint {
  const bytes = bytesIn(item);
  if (bytes[0] === 0) throw badRlp('an integer has leading zeros');
  if (bytes.length > maxBytes) throw badRlp(`an integer has more than ${maxBytes} bytes`);
  if (bytes.length > 6) return toBigInt(bytes);
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return BigInt(value);
}

/** An unsigned integer of at most 64 bits. */
export function uint64In(item: RlpItem | undefined): bigint {
  return uintIn(item, 8);
}

/** A list of strings of `length` bytes each. */
export function bytesListIn(item: RlpItem | undefined, length: number): readonly Bytes[] {
  return listIn(item).map((entry) => bytesIn(entry, length));
}

/** False is the empty string, true the byte 1. */
export function boolIn(item: RlpItem | undefined): boolean {
  const bytes = bytesIn(item);
  if (bytes.length > 1 || (bytes.length === 1 && bytes[0] !== 1)) throw badRlp('a truth value is neither 0 nor 1');
  return bytes.length === 1;
}
