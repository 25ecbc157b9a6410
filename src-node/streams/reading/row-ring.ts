/** The rows of the last ten minutes for a window that opens late: thinned evenly where there are more than can be kept. */
import type { Millis } from '../../base/clock.ts';
import type { VerifiedRow } from '../client/verified-row.ts';

interface Kept {
  readonly row: VerifiedRow;
  readonly arrived: Millis;
  readonly bytes: number;
}

export const RING_ROWS = 2000;
const RING_BYTES = 8 * 1024 * 1024;
const RING_MILLIS = 600_000;
/** Rows that are too old go together after so long. */
const TIDY_MILLIS = 10_000;
const FIRST_SPACING_MILLIS = 10;

export class RowRing {
  #kept: Kept[] = [];
  #bytes = 0;
  /** Between two that are kept. */
  #spacing = 0;

  /** @param bytes that it takes, about */
  add(row: VerifiedRow, bytes: number, arrived: Millis): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && arrived - last.arrived < this.#spacing) return;
    this.#kept.push({ row, arrived, bytes });
    this.#bytes += bytes;
    if (arrived - (this.#kept[0]?.arrived ?? arrived) > RING_MILLIS + TIDY_MILLIS) this.#expire(arrived);
    while (this.#kept.length > RING_ROWS || this.#bytes > RING_BYTES) {
      this.#keep(this.#kept.filter((_, index) => index % 2 === 1));
      this.#spacing = Math.max(FIRST_SPACING_MILLIS, 2 * this.#spacing);
    }
  }

  /** Oldest first. */
  rows(now: Millis): readonly VerifiedRow[] {
    this.#expire(now);
    return this.#kept.map(({ row }) => row);
  }

  #expire(now: Millis): void {
    this.#keep(this.#kept.filter(({ arrived }) => now - arrived <= RING_MILLIS));
    if (this.#kept.length < RING_ROWS / 4 && this.#bytes < RING_BYTES / 4) this.#spacing = Math.floor(this.#spacing / 2);
  }

  #keep(kept: Kept[]): void {
    this.#kept = kept;
    this.#bytes = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
