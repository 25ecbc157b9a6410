/**
 * The longest piece of work between two turns of this thread's event loop, in processor time: what monitorEventLoopDelay says on
 * a machine that has nothing else to do, and unlike it the same on one that has.
 */
const EVERY_MILLIS = 5;

export class LongestPiece {
  #longest = 0;
  #before = threadMillis();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#note(), EVERY_MILLIS);
  }

  /** Milliseconds; ends the measuring. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#longest;
  }

  #note(): void {
    const now = threadMillis();
    this.#longest = Math.max(this.#longest, now - this.#before);
    this.#before = now;
  }
}

function threadMillis(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
