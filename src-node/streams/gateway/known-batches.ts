/** The batches that came last to a stream, without their frames: receipts are given again by them, and conflicts found. */
import type { Bytes } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import { MAX_BATCH_FRAMES } from '../format/batch.ts';
import { recentCounts } from './recent-counts.ts';

/** Of a batch that is in the log. */
export interface KnownBatch {
  readonly offset: bigint;
  readonly hash: Bytes;
  readonly endSeq: bigint;
  readonly generation: number;
  readonly epoch: number;
  readonly timeMillis: Millis;
}

/** Whose receipt can be given again without looking into the log. */
const MAX_KNOWN = 8192;

export class KnownBatches {
  readonly #byFirstSeq = new Map<bigint, KnownBatch>();
  /** All batches since then are known. */
  #since: Millis = millis(0);

  /** @param since from when on all batches will be added */
  begin(since: Millis): void {
    this.#since = since;
  }

  add(firstSeq: bigint, batch: KnownBatch): void {
    this.#byFirstSeq.set(firstSeq, batch);
    const oldest = this.#byFirstSeq.size > MAX_KNOWN ? this.#byFirstSeq.keys().next().value : undefined;
    if (oldest === undefined) return;
    this.#since = this.#byFirstSeq.get(oldest)?.timeMillis ?? this.#since;
    this.#byFirstSeq.delete(oldest);
  }

  /** That begins with this frame. */
  at(firstSeq: bigint): KnownBatch | undefined {
    return this.#byFirstSeq.get(firstSeq);
  }

  /** That holds this frame. */
  holding(seq: bigint): KnownBatch | undefined {
    for (let first = seq; first >= 0n && seq - first < MAX_BATCH_FRAMES; first--) {
      const known = this.#byFirstSeq.get(first);
      if (known !== undefined) return known.endSeq > seq ? known : undefined;
    }
    return undefined;
  }

  /** How many frames came in each of the last intervals, as far as is known. */
  recent(now: Millis): readonly number[] {
    const batches = [...this.#byFirstSeq].map(([firstSeq, { endSeq, timeMillis }]) => ({ frames: Number(endSeq - firstSeq), timeMillis }));
    return recentCounts(batches, this.#since, now);
  }
}
