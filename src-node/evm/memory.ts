import { EMPTY_BYTES, type Bytes } from '../base/bytes.ts';
import { GAS } from './gas.ts';
import { readWord, writeWord } from './word.ts';

const FIRST_ALLOCATION = 1024;

/** Price of a memory of `words` words from nothing (docs/protocol/03 §6.1); exact up to 2^31 words. */
function costOf(words: number): number {
  const high = Math.floor(words / GAS.memoryQuadDivisor);
  const low = words % GAS.memoryQuadDivisor;
  const quadratic = high * (GAS.memoryQuadDivisor * high + 2 * low) + Math.floor((low * low) / GAS.memoryQuadDivisor);
  return words * GAS.memoryWord + quadratic;
}

/**
 * Memory of one frame: zeros without end, paid for by the word. Callers grow it (and pay) first; every other method needs
 * its range inside `size`.
 */
export class Memory {
  /** Paid bytes, a multiple of 32. */
  size = 0;
  #bytes: Bytes = EMPTY_BYTES;
  #view = new DataView(EMPTY_BYTES.buffer);
  #paid = 0;

  /** Gas to grow to at least `end` bytes; 0 when it is as large already. */
  growthCost(end: number): number {
    return end <= this.size ? 0 : costOf(Math.ceil(end / 32)) - this.#paid;
  }

  grow(end: number): void {
    if (end <= this.size) return;
    const words = Math.ceil(end / 32);
    this.size = words * 32;
    this.#paid = costOf(words);
    if (this.size <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(FIRST_ALLOCATION, this.size, Math.min(this.#bytes.length * 2, this.size + 0x100000)));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  loadWord(offset: number): bigint {
    return readWord(this.#view, offset);
  }

  storeWord(offset: number, word: bigint): void {
    writeWord(this.#view, offset, word);
  }

  storeByte(offset: number, byte: number): void {
    this.#bytes[offset] = byte;
  }

  /** Copies `length` bytes of `source` from `from` on; what lies beyond its end reads as zero. */
  store(offset: number, source: Bytes, from: number, length: number): void {
    const part = source.subarray(Math.min(from, source.length), Math.min(from + length, source.length));
    this.#bytes.set(part, offset);
    this.#bytes.fill(0, offset + part.length, offset + length);
  }

  /** A window on the memory itself: good until the frame goes on. */
  window(offset: number, length: number): Bytes {
    return length === 0 ? EMPTY_BYTES : this.#bytes.subarray(offset, offset + length);
  }
}
