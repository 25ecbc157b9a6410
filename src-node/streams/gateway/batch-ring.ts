/** The newest batches of a stream as all its readers get them, in bounded memory. */
import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';

/** A batch as readers get it. */
export interface TailEntry {
  readonly offset: bigint;
  readonly firstSeq: bigint;
  /** Behind its last frame. */
  readonly endSeq: bigint;
  readonly generation: number;
  readonly epoch: number;
  /** When it came here. */
  readonly timeMillis: Millis;
  /** What stands before it in the frame of a socket. */
  readonly head: Bytes;
  /** All readers share its memory. */
  readonly batch: Bytes;
}

export interface BatchRingOptions {
  /** Of batches; the newest one stays even when it is larger. */
  readonly maxBytes: number;
  /** Offset of the first record that will be looked at. */
  readonly from: bigint;
}

export class BatchRing {
  readonly #maxBytes: number;
  readonly #entries: TailEntry[] = [];
  #bytes = 0;
  #first: bigint;

  constructor(options: BatchRingOptions) {
    this.#maxBytes = options.maxBytes;
    this.#first = options.from;
  }

  /** From this offset on it has all there is. */
  get first(): bigint {
    return this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(entry: TailEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.batch.length;
    while (this.#bytes > this.#maxBytes && this.#entries.length > 1) {
      const gone = this.#entries.shift();
      if (gone === undefined) break;
      this.#bytes -= gone.batch.length;
      this.#first = gone.offset + 1n;
    }
  }

  /** From a place on, at least one when there is one. @param from not before `first` */
  from(from: bigint, maxBatches: number, maxBytes: number): readonly TailEntry[] {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.offset ?? from) < from) low = middle + 1;
      else high = middle;
    }
    let end = low;
    for (let bytes = 0; end < this.#entries.length && end - low < maxBatches; end++) {
      bytes += this.#entries[end]?.batch.length ?? 0;
      if (bytes > maxBytes && end > low) break;
    }
    return this.#entries.slice(low, end);
  }
}
