/** The last batches that a reader took, so that another one under the same numbers is noticed. */
import { byteKey } from '../../base/byte-key.ts';
import type { Bytes } from '../../base/bytes.ts';
import { BATCH_HEADER_BYTES, nextSeq, type DecodedBatch } from '../format/batch.ts';

/** A quarter of an hour at one batch a second. */
const KEPT = 1024;

export interface TakenBatch {
  readonly firstSeq: bigint;
  readonly nextSeq: bigint;
  readonly hash: Bytes;
  /** As it was signed, without its frames. */
  readonly header: Bytes;
}

export function headerOf({ bytes }: DecodedBatch): Bytes {
  return Uint8Array.from(bytes.subarray(0, BATCH_HEADER_BYTES));
}

export class BatchHistory {
  /** In the order of their numbers. */
  readonly #taken: TakenBatch[] = [];
  readonly #forks = new Set<string>();

  get last(): TakenBatch | undefined {
    return this.#taken.at(-1);
  }

  add(batch: DecodedBatch): void {
    this.#taken.push({ firstSeq: batch.fields.firstSeq, nextSeq: nextSeq(batch.fields), hash: batch.hash, header: headerOf(batch) });
    if (this.#taken.length > KEPT) this.#taken.shift();
  }

  /** The first that has numbers of this batch. */
  overlapping({ fields }: DecodedBatch): TakenBatch | undefined {
    const end = nextSeq(fields);
    let first: TakenBatch | undefined;
    for (let i = this.#taken.length - 1; i >= 0; i--) {
      const taken = this.#taken[i];
      if (taken === undefined || taken.nextSeq <= fields.firstSeq) break;
      if (taken.firstSeq < end) first = taken;
    }
    return first;
  }

  /** Whether this batch is a fork that was not shown yet. */
  isNewFork({ hash }: DecodedBatch): boolean {
    const key = byteKey(hash);
    if (this.#forks.has(key)) return false;
    this.#forks.add(key);
    const [oldest] = this.#forks;
    if (this.#forks.size > KEPT && oldest !== undefined) this.#forks.delete(oldest);
    return true;
  }
}
