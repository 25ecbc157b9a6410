/** How much of something one party may use, so that a greedy one leaves room for the others: an amount at once, and so much a second. */
export interface RateOptions {
  /** At once. */
  readonly capacity: number;
  readonly perSecond: number;
  /** What there is at the start. Default `capacity`. */
  readonly initial?: number;
}

const MILLIS_PER_SECOND = 1000;

export class Rate {
  readonly #options: RateOptions;
  readonly #now: () => number;
  #left: number;
  #at: number;

  /** @param now in milliseconds, never going back */
  constructor(options: RateOptions, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#now = now;
    this.#left = options.initial ?? options.capacity;
    this.#at = now();
  }

  /** Takes the amount and gives 0, or gives the milliseconds until there is room for it. */
  take(amount = 1): number {
    const wait = this.wait(amount);
    if (wait === 0) this.#left -= amount;
    return wait;
  }

  /** Milliseconds until there is room for the amount. More than the capacity has room when all of it is there, and is owed. */
  wait(amount = 1): number {
    const now = this.#now();
    const { capacity, perSecond } = this.#options;
    this.#left = Math.min(capacity, this.#left + ((now - this.#at) * perSecond) / MILLIS_PER_SECOND);
    this.#at = now;
    const needed = Math.min(amount, capacity) - this.#left;
    return needed > 0 ? Math.ceil((needed * MILLIS_PER_SECOND) / perSecond) : 0;
  }
}
