/** Frames of a batch that is not signed yet, one after another in the memory that is sent: each is sealed where it stays. */
import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import { BATCH_HEADER_BYTES, MAX_BATCH_BYTES, writeBatchHeader, type BatchFields } from './batch.ts';

export class OpenBatch {
  readonly openedMillis: Millis;
  #memory: Bytes;
  /** Where each frame ends. */
  readonly #ends: number[] = [];
  #bytes = BATCH_HEADER_BYTES;

  /** @param likelyBytes of the whole batch */
  constructor(openedMillis: Millis, likelyBytes: number) {
    this.openedMillis = openedMillis;
    this.#memory = new Uint8Array(likelyBytes);
  }

  get count(): number {
    return this.#ends.length;
  }

  /** Of the whole batch as it is now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param write puts a frame of exactly `length` bytes to the target at `offset`; when it throws nothing was added */
  add(length: number, write: (target: Bytes, offset: number) => void): void {
    const end = this.#bytes + length;
    if (end > this.#memory.length) {
      const memory = new Uint8Array(Math.max(end, Math.min(2 * this.#memory.length, MAX_BATCH_BYTES)));
      memory.set(this.#memory.subarray(0, this.#bytes));
      this.#memory = memory;
    }
    write(this.#memory, this.#bytes);
    this.#ends.push(end);
    this.#bytes = end;
  }

  /** Views of the memory. */
  get frames(): readonly Bytes[] {
    return this.#ends.map((end, i) => this.#memory.subarray(this.#ends[i - 1] ?? BATCH_HEADER_BYTES, end));
  }

  /** The batch, in the same memory unless that is much larger: batches may be kept for long. */
  signed(fields: BatchFields, signature: Bytes): Bytes {
    writeBatchHeader(this.#memory, fields, signature);
    const batch = this.#memory.subarray(0, this.#bytes);
    return this.#memory.length > 2 * this.#bytes ? batch.slice() : batch;
  }
}
