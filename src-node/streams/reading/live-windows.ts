import type { Clock } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { VerifiedRow } from '../client/verified-row.ts';
import { LiveWindow, type LiveSource } from './live-window.ts';
import type { ReadingEvent, ReadingGap } from './views.ts';

const MAX_WINDOWS = 32;

/** The windows that look on at one reading. */
export class LiveWindows {
  readonly #source: LiveSource;
  readonly #clock: Clock;
  readonly #windows = new Set<LiveWindow>();
  readonly #closed = new AbortController();

  constructor(source: LiveSource, modules: { readonly clock: Clock }) {
    this.#source = source;
    this.#clock = modules.clock;
  }

  /** Until `signal` aborts or all are closed. @throws TOO_MANY_WINDOWS */
  async *events(signal: AbortSignal): AsyncGenerator<ReadingEvent, void, undefined> {
    if (this.#windows.size >= MAX_WINDOWS) throw new CodedError('TOO_MANY_WINDOWS', 'Too many windows look at this subscription.', { help: 'Close one.' });
    const window = new LiveWindow(this.#source, this.#clock);
    this.#windows.add(window);
    try {
      yield* window.events(AbortSignal.any([signal, this.#closed.signal]));
    } finally {
      this.#windows.delete(window);
    }
  }

  row(row: VerifiedRow): void {
    for (const window of this.#windows) window.row(row);
  }

  gap(gap: ReadingGap): void {
    for (const window of this.#windows) window.gap(gap);
  }

  /** How the reading stands may have changed. */
  touch(): void {
    for (const window of this.#windows) window.touch();
  }

  close(): void {
    this.#closed.abort();
  }
}
