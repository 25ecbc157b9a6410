/** A subscription as it comes in: the newest rows, and what the charts need, bounded whatever the rate. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveEvent, StreamColumn, StreamGap, StreamReading, StreamRow, StreamSpend, ApiClient } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { StreamSeries } from './streams-series.ts';

export const MOST_ROWS = 5000;
const MOST_GAPS = 100;
/** What comes is shown at most five times a second. */
const TELL_MILLIS = 200;
const PAUSE_MILLIS = 500;

export interface LiveSnapshot {
  /** Newest first, at most `MOST_ROWS`. */
  readonly rows: readonly StreamRow[];
  readonly series: StreamSeries;
  readonly reading: StreamReading | null;
  readonly spend: StreamSpend | null;
  /** Newest last. */
  readonly gaps: readonly StreamGap[];
  /** Verified and paid, and too many to show. */
  readonly skipped: number;
  /** Why nothing comes from the node; null while it does. */
  readonly error: unknown;
}

export class LiveView {
  readonly #series: StreamSeries;
  readonly #listeners = new Set<() => void>();
  #rows: StreamRow[] = [];
  #lastSeq = -1;
  #state: Omit<LiveSnapshot, 'rows' | 'series'> = { reading: null, spend: null, gaps: [], skipped: 0, error: null };
  #shown: LiveSnapshot;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(columns: readonly StreamColumn[]) {
    this.#series = new StreamSeries(columns);
    this.#shown = { ...this.#state, rows: [], series: this.#series };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): LiveSnapshot => this.#shown;

  take(event: LiveEvent): void {
    switch (event.kind) {
      case 'rows': {
        // After a connection that broke off the last ten minutes come once more.
        const fresh = event.rows.filter(({ seq }) => seq > this.#lastSeq);
        this.#lastSeq = fresh.at(-1)?.seq ?? this.#lastSeq;
        this.#series.add(fresh);
        this.#rows = [...fresh.toReversed(), ...this.#rows].slice(0, MOST_ROWS);
        this.#set({ skipped: this.#state.skipped + event.skipped, error: null });
        break;
      }
      case 'gap': this.#set({ gaps: [...this.#state.gaps.filter(({ from }) => from !== event.gap.from), event.gap].slice(-MOST_GAPS) }); break;
      case 'reading': this.#set({ reading: event.reading, gaps: event.reading.gaps.slice(-MOST_GAPS), error: null }); break;
      case 'spend': this.#set({ spend: event.spend }); break;
    }
  }

  failed(error: unknown): void {
    this.#set({ error });
  }

  #set(change: Partial<Omit<LiveSnapshot, 'rows' | 'series'>>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#shown = { ...this.#state, rows: this.#rows, series: this.#series };
      for (const listener of this.#listeners) listener();
    }, TELL_MILLIS);
  }
}

/** Looks on until the signal, through every interruption. */
export async function followLive(api: ApiClient, channel: string, view: LiveView, signal: AbortSignal): Promise<void> {
  const ended = (): boolean => signal.aborted;
  while (!ended()) {
    try {
      for await (const event of await api.streams.live({ channel }, { signal })) {
        if (ended()) return;
        view.take(event);
      }
    } catch (error) {
      if (ended()) return;
      view.failed(error);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
}

export function useLive(channel: string, columns: readonly StreamColumn[]): LiveSnapshot {
  const api = useApi();
  // A page of another channel is another page: its key is the channel.
  const [view] = useState(() => new LiveView(columns));
  useEffect(() => {
    const end = new AbortController();
    void followLive(api, channel, view, end.signal);
    return () => end.abort();
  }, [api, channel, view]);
  return useSyncExternalStore(view.subscribe, view.snapshot);
}
