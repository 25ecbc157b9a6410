/** Counts what passes, and how fast over the last ten seconds. */
import type { Clock, Millis } from '../../base/clock.ts';

const SECONDS = 10;

export class RowCounter {
  readonly #clock: Clock;
  /** By second, the newest last. */
  #seconds: { readonly second: number; count: number }[] = [];
  #lastAt: Millis | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(count: number): void {
    this.#lastAt = this.#clock.now();
    const second = Math.floor(this.#lastAt / 1000);
    const newest = this.#seconds.at(-1);
    if (newest?.second === second) newest.count += count;
    else this.#seconds.push({ second, count });
    this.#seconds = this.#seconds.filter((one) => one.second > second - SECONDS);
  }

  get lastAt(): Millis | null {
    return this.#lastAt;
  }

  /** Null before the first. */
  get perSecond(): number | null {
    if (this.#lastAt === null) return null;
    const from = Math.floor(this.#clock.now() / 1000) - SECONDS;
    return this.#seconds.reduce((sum, { second, count }) => (second > from ? sum + count : sum), 0) / SECONDS;
  }
}
