import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent, StreamColumn, ApiClient } from '../../src-node/api/contract/index.ts';
import { followLive, LiveView, MOST_ROWS } from './streams-live.ts';

const COLUMNS: readonly StreamColumn[] = [{ name: 'speed', type: 'number', unit: 'km/h' }];
const rows = (from: number, count: number): LiveEvent => ({ kind: 'rows', skipped: 0, rows: Array.from({ length: count }, (_, i) => ({ seq: from + i, at: (from + i) * 10, values: [from + i], raw: null })) });

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('a live view', () => {
  it('shows the newest first and keeps no more than its bound', () => {
    const view = new LiveView(COLUMNS);
    for (let from = 0; from < 3 * MOST_ROWS; from += 500) view.take(rows(from, 500));
    vi.advanceTimersByTime(200);
    expect(view.snapshot().rows).toHaveLength(MOST_ROWS);
    expect(view.snapshot().rows[0]?.seq).toBe(3 * MOST_ROWS - 1);
    expect(view.snapshot().rows.at(-1)?.seq).toBe(2 * MOST_ROWS);
  });

  it('tells of any number of batches once in 200 ms', () => {
    const view = new LiveView(COLUMNS);
    const told = vi.fn();
    view.subscribe(told);
    for (let i = 0; i < 50; i += 1) view.take(rows(i * 10, 10));
    expect(told).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(told).toHaveBeenCalledTimes(1);
    expect(view.snapshot().rows).toHaveLength(500);
  });

  it('takes what comes again after an interruption once', () => {
    const view = new LiveView(COLUMNS);
    view.take(rows(0, 10));
    view.take(rows(5, 10));
    vi.advanceTimersByTime(200);
    expect(view.snapshot().rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 15 }, (_, i) => 14 - i));
  });

  it('replaces a gap that has ended by its ended self', () => {
    const view = new LiveView(COLUMNS);
    const gap = { fromSeq: null, toSeq: null, from: 1000, to: null, reason: 'gateway' } as const;
    view.take({ kind: 'gap', gap });
    view.take({ kind: 'gap', gap: { ...gap, to: 3000 } });
    vi.advanceTimersByTime(200);
    expect(view.snapshot().gaps).toEqual([{ ...gap, to: 3000 }]);
  });

  it('says why nothing comes, goes on looking, and forgets the failure with the next row', async () => {
    const view = new LiveView(COLUMNS);
    const end = new AbortController();
    let calls = 0;
    const live = (): Promise<AsyncIterable<LiveEvent>> => {
      calls += 1;
      if (calls === 1) return Promise.reject(new TypeError('gone'));
      return Promise.resolve({ async *[Symbol.asyncIterator]() { yield rows(0, 1); await new Promise((resolve) => end.signal.addEventListener('abort', resolve)); } });
    };
    const following = followLive({ streams: { live } } as unknown as ApiClient, '0x', view, end.signal);
    await vi.advanceTimersByTimeAsync(300);
    expect(view.snapshot().error).toBeInstanceOf(TypeError);
    await vi.advanceTimersByTimeAsync(800);
    expect(view.snapshot()).toMatchObject({ error: null, rows: [{ seq: 0 }] });
    end.abort();
    await vi.advanceTimersByTimeAsync(600);
    await following;
    expect(calls).toBe(2);
  });
});
