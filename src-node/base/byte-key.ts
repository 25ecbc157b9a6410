/** Bytes as keys of a Map: a string with one character per byte (latin1), the shortest form that the engine hashes quickly. */
import { asBuffer, type Bytes } from './bytes.ts';

export function byteKey(bytes: Bytes): string {
  return asBuffer(bytes).toString('latin1');
}

export function bytesOfKey(key: string): Bytes {
  return Buffer.from(key, 'latin1');
}
