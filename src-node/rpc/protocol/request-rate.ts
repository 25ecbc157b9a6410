/** How many requests one program may make, so that a greedy one leaves time for the others; each request of a batch counts. */
export interface RequestRateOptions {
  /** Requests at once. */
  readonly capacity: number;
  readonly perSecond: number;
  /** Those that may be made at the start. Default `capacity`. */
  readonly initial?: number;
}

/** Far beyond what wallets and tools ask. */
export const RPC_RATE: RequestRateOptions = { capacity: 2_000, perSecond: 500 };

const MILLIS_PER_SECOND = 1000;

export class RequestRate {
  readonly #options: RequestRateOptions;
  readonly #now: () => number;
  #left: number;
  #at: number;

  /** @param now in milliseconds, never going back */
  constructor(options: RequestRateOptions = RPC_RATE, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#now = now;
    this.#left = options.initial ?? options.capacity;
    this.#at = now();
  }

  /** Counts a request and gives 0, or gives the milliseconds until there is room for one. */
  take(): number {
    const now = this.#now();
    const { capacity, perSecond } = this.#options;
    this.#left = Math.min(capacity, this.#left + ((now - this.#at) * perSecond) / MILLIS_PER_SECOND);
    this.#at = now;
    if (this.#left < 1) return Math.ceil(((1 - this.#left) * MILLIS_PER_SECOND) / perSecond);
    this.#left -= 1;
    return 0;
  }
}
