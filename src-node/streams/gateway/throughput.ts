/** Bytes a second, over the last ten seconds. */
import type { Clock } from '../../base/clock.ts';

const SECONDS = 10;

export class Throughput {
  readonly #clock: Clock;
  /** Of each second that had some, the newest last. */
  readonly #seconds: { readonly at: number; bytes: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(bytes: number): void {
    const at = Math.floor(this.#clock.now() / 1000);
    const last = this.#seconds.at(-1);
    if (last?.at === at) last.bytes += bytes;
    else this.#seconds.push({ at, bytes });
    if (this.#seconds.length > SECONDS + 1) this.#seconds.shift();
  }

  get perSecond(): number {
    const since = Math.floor(this.#clock.now() / 1000) - SECONDS;
    return this.#seconds.reduce((sum, { at, bytes }) => (at > since ? sum + bytes : sum), 0) / SECONDS;
  }
}
