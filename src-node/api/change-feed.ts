/** Tells windows what changed, at most four times a second, so that a burst of chunks is one message. */
import { millis, type Clock } from '../base/clock.ts';
import type { Topic } from './contract/app.ts';

const PAUSE_MILLIS = millis(250);

interface Follower {
  readonly topics: Set<Topic>;
  wake: () => void;
}

export class ChangeFeed {
  readonly #clock: Clock;
  readonly #followers = new Set<Follower>();
  readonly #closed = new AbortController();

  constructor(modules: { readonly clock: Clock }) {
    this.#clock = modules.clock;
  }

  readonly publish = (topic: Topic): void => {
    for (const follower of this.#followers) {
      follower.topics.add(topic);
      follower.wake();
    }
  };

  /** What changed since the last message, until the signal aborts. */
  readonly follow = async function* (this: ChangeFeed, signal: AbortSignal | undefined): AsyncGenerator<{ readonly topics: readonly Topic[] }> {
    const follower: Follower = { topics: new Set(), wake: () => undefined };
    const end = signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
    this.#followers.add(follower);
    try {
      while (!end.aborted) {
        if (follower.topics.size === 0) await this.#news(follower, end);
        const topics = [...follower.topics];
        follower.topics.clear();
        if (topics.length > 0) yield { topics };
        await this.#clock.sleep(PAUSE_MILLIS, end);
      }
    } finally {
      this.#followers.delete(follower);
    }
  }.bind(this);

  close(): void {
    this.#closed.abort();
  }

  #news(follower: Follower, end: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      follower.wake = resolve;
      end.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
