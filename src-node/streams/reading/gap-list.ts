/** The holes of the last 24 hours, at most 100. One of them may last: no number is known of it until a row comes. */
import type { Millis } from '../../base/clock.ts';
import type { ReadingGap } from './views.ts';

const MAX_GAPS = 100;
const KEPT_MILLIS = 86_400_000;

export class GapList {
  #gaps: readonly ReadingGap[];

  constructor(gaps: readonly ReadingGap[]) {
    this.#gaps = gaps;
  }

  all(now: Millis): readonly ReadingGap[] {
    return this.#gaps.filter(({ to }) => to === null || now - to <= KEPT_MILLIS);
  }

  add(gap: ReadingGap): void {
    this.#gaps = [...this.#gaps, gap].slice(-MAX_GAPS);
  }

  /** @returns the new one, or null where one lasts already */
  begin(reason: ReadingGap['reason'], from: Millis): ReadingGap | null {
    if (this.#gaps.some(({ to }) => to === null)) return null;
    const gap: ReadingGap = { fromSeq: null, toSeq: null, from, to: null, reason };
    this.add(gap);
    return gap;
  }

  /** @returns the one that lasted, or null */
  end(to: Millis): ReadingGap | null {
    const lasting = this.#gaps.find((gap) => gap.to === null);
    if (lasting === undefined) return null;
    const ended = { ...lasting, to };
    this.#gaps = this.#gaps.map((gap) => (gap === lasting ? ended : gap));
    return ended;
  }
}
