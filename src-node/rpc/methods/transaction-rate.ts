import { rpcError } from '../protocol/errors.ts';

/** How often transactions may be asked for (docs/protocol/05 §3.3). */
const RATE = { perSecond: 40, capacity: 200 } as const;
const MILLIS_PER_SECOND = 1000;

/** A bucket that is empty at the start. */
export class TransactionRate {
  readonly #now: () => number;
  #left = 0;
  #at: number;

  /** @param now in milliseconds, never going back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#at = now();
  }

  /** @throws CALL_FAILED */
  take(): void {
    const now = this.#now();
    this.#left = Math.min(RATE.capacity, this.#left + ((now - this.#at) * RATE.perSecond) / MILLIS_PER_SECOND);
    this.#at = now;
    if (this.#left < 1) throw rpcError('CALL_FAILED', 'exceed transaction process rate');
    this.#left -= 1;
  }
}
