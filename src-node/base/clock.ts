/** Time. The chain's headers count milliseconds, contracts count seconds: two types that do not mix by accident. */

declare const unit: unique symbol;
/** Milliseconds since the Unix epoch, or a span of them. */
export type Millis = number & { readonly [unit]: 'ms' };
/** Seconds since the Unix epoch, or a span of them. */
export type Seconds = number & { readonly [unit]: 's' };

export function millis(value: number): Millis {
  return value as Millis;
}

export function seconds(value: number): Seconds {
  return value as Seconds;
}

/** Rounds down, as TIMESTAMP in the EVM does (docs/protocol/03 §1). */
export function toSeconds(value: Millis): Seconds {
  return Math.floor(value / 1000) as Seconds;
}

export function toMillis(value: Seconds): Millis {
  return (value * 1000) as Millis;
}

export interface Clock {
  now(): Millis;
  /** Resolves after `delay`, or at once when `signal` aborts (it never rejects). */
  sleep(delay: Millis, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now() as Millis,
  sleep(delay, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, delay);
      signal?.addEventListener('abort', done, { once: true });
    });
  },
};

/** A clock moved by hand: for block-time tests. */
export class ManualClock implements Clock {
  #now: Millis;
  #waiting: { at: Millis; wake: () => void }[] = [];

  constructor(start: Millis) {
    this.#now = start;
  }

  now(): Millis {
    return this.#now;
  }

  sleep(delay: Millis, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true || delay <= 0) return resolve();
      const entry = { at: (this.#now + delay) as Millis, wake: resolve };
      this.#waiting.push(entry);
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        resolve();
      }, { once: true });
    });
  }

  advance(by: Millis): void {
    this.#now = (this.#now + by) as Millis;
    const due = this.#waiting.filter((entry) => entry.at <= this.#now);
    this.#waiting = this.#waiting.filter((entry) => entry.at > this.#now);
    for (const entry of due.sort((a, b) => a.at - b.at)) entry.wake();
  }
}
