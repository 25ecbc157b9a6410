/**
 * One window that looks on: at most 500 rows five times a second; what it has no time for is counted and left out, so that it slows
 * nothing. How the reading stands is told when that changed.
 */
import { millis, type Clock } from '../../base/clock.ts';
import { toTaggedJson } from '../../base/tagged-json.ts';
import type { VerifiedRow } from '../client/verified-row.ts';
import type { ReadingEvent, ReadingGap, ReadingView, SpendView } from './views.ts';

export interface LiveSource {
  reading(): ReadingView;
  spend(): SpendView;
  /** Kept for late windows, oldest first. */
  rows(): readonly VerifiedRow[];
}

export const MAX_EVENT_ROWS = 500;
const MAX_GAPS = 100;
const EVENT_MILLIS = 200;
const VIEW_MILLIS = 500;

export class LiveWindow {
  readonly #source: LiveSource;
  readonly #clock: Clock;
  #rows: VerifiedRow[] = [];
  #skipped = 0;
  #gaps: ReadingGap[] = [];
  #touched = true;
  #wake: () => void = () => undefined;

  constructor(source: LiveSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  row(row: VerifiedRow): void {
    this.#rows.push(row);
    if (this.#rows.length > MAX_EVENT_ROWS) {
      this.#rows.shift();
      this.#skipped += 1;
    }
    this.#wake();
  }

  gap(gap: ReadingGap): void {
    this.#gaps = [...this.#gaps, gap].slice(-MAX_GAPS);
    this.#wake();
  }

  /** How the reading stands may have changed. */
  touch(): void {
    this.#touched = true;
    this.#wake();
  }

  async *events(signal: AbortSignal): AsyncGenerator<ReadingEvent, void, undefined> {
    const stop = (): void => this.#wake();
    signal.addEventListener('abort', stop, { once: true });
    try {
      yield* this.#standing(null);
      const kept = this.#source.rows();
      this.#rows = []; // they are among those that are kept
      this.#skipped = 0;
      for (let from = 0; from < kept.length; from += MAX_EVENT_ROWS) yield { kind: 'rows', rows: kept.slice(from, from + MAX_EVENT_ROWS), skipped: 0 };
      let told = { at: this.#clock.now(), text: this.#text() };
      while (!signal.aborted) {
        if (!this.#touched && this.#rows.length + this.#gaps.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
        for (const gap of this.#gaps.splice(0)) yield { kind: 'gap', gap };
        if (this.#rows.length > 0) {
          const [rows, skipped] = [this.#rows, this.#skipped];
          this.#rows = [];
          this.#skipped = 0;
          yield { kind: 'rows', rows, skipped };
        }
        if (this.#touched && this.#clock.now() - told.at >= VIEW_MILLIS) {
          this.#touched = false;
          const text = this.#text();
          yield* this.#standing(told.text);
          told = { at: this.#clock.now(), text };
        }
        await this.#clock.sleep(millis(EVENT_MILLIS), signal);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Of the two views those that differ from what was told. */
  *#standing(told: { readonly reading: string; readonly spend: string } | null): Generator<ReadingEvent> {
    const text = this.#text();
    if (told?.reading !== text.reading) yield { kind: 'reading', reading: this.#source.reading() };
    if (told?.spend !== text.spend) yield { kind: 'spend', spend: this.#source.spend() };
  }

  /** Without the moment of measuring, which always changes. */
  #text(): { readonly reading: string; readonly spend: string } {
    return { reading: toTaggedJson({ ...this.#source.reading(), at: 0 }), spend: toTaggedJson(this.#source.spend()) };
  }
}
