import type { Clock, Millis } from '../../base/clock.ts';
import { millis } from '../../base/clock.ts';

export interface GroupCommitOptions<T, R> {
  /** Brings a group to where it is kept, in its order. @returns an answer for each */
  readonly write: (items: readonly T[]) => Promise<readonly R[]>;
  readonly bytesOf: (item: T) => number;
  /** A group has no more, but for one item that is larger by itself. */
  readonly maxBytes: number;
  /** How long a group is waited for; 0 takes what came while the one before was written. */
  readonly waitMillis?: Millis;
  readonly clock: Clock;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (answer: R) => void;
  readonly reject: (error: unknown) => void;
}

/** Writes one group after the other; all that comes meanwhile is the next one. */
export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  #waiting: Waiting<T, R>[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Resolves when it is kept. */
  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#waitingBytes += this.#options.bytesOf(item);
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    const { waitMillis = millis(0), clock, write } = this.#options;
    // those who add at the same moment share a group
    await (waitMillis > 0 ? clock.sleep(waitMillis) : Promise.resolve());
    while (this.#waiting.length > 0) {
      const group = this.#take();
      try {
        const answers = await write(group.map(({ item }) => item));
        group.forEach(({ resolve }, i) => resolve(answers[i] as R));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running = undefined;
  }

  #take(): readonly Waiting<T, R>[] {
    const { bytesOf, maxBytes } = this.#options;
    let count = 0;
    let bytes = 0;
    for (const { item } of this.#waiting) {
      if (count > 0 && bytes + bytesOf(item) > maxBytes) break;
      bytes += bytesOf(item);
      count += 1;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }
}
