/**
 * How long methods may keep the thread that blocks are executed on: what they use is taken from a budget that refills slowly, so
 * that no other program can hold the node up.
 */
export interface WorkBudgetOptions {
  /** What may be used at once. */
  readonly capacityMillis: number;
  /** What comes back in a millisecond. */
  readonly share: number;
}

/** Half of the thread, in bursts of as much as two of the longest calls. */
export const RPC_BUDGET: WorkBudgetOptions = { capacityMillis: 10_000, share: 0.5 };

export class WorkBudget {
  readonly #options: WorkBudgetOptions;
  readonly #now: () => number;
  #left: number;
  #at: number;

  /** @param now in milliseconds, never going back */
  constructor(options: WorkBudgetOptions = RPC_BUDGET, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#now = now;
    this.#left = options.capacityMillis;
    this.#at = now();
  }

  /** Milliseconds until the next piece of work may begin; 0 when it may now. */
  get waitMillis(): number {
    this.#refill();
    return this.#left > 0 ? 0 : Math.ceil((1 - this.#left) / this.#options.share);
  }

  /** Does a piece of work and takes its time from the budget: for what it waits for later nothing is taken. */
  spend<T>(work: () => T): T {
    const start = this.#now();
    try {
      return work();
    } finally {
      this.#refill();
      this.#left -= this.#now() - start;
    }
  }

  #refill(): void {
    const now = this.#now();
    const { capacityMillis, share } = this.#options;
    this.#left = Math.min(capacityMillis, this.#left + (now - this.#at) * share);
    this.#at = now;
  }
}
