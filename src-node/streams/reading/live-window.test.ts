import { describe, expect, it } from 'vitest';
import { ManualClock, millis } from '../../base/clock.ts';
import type { VerifiedRow } from '../client/verified-row.ts';
import { GapList } from './gap-list.ts';
import { LiveWindow, MAX_EVENT_ROWS, type LiveSource } from './live-window.ts';
import { RateMeter } from './rate-meter.ts';
import { RING_ROWS, RowRing } from './row-ring.ts';

const row = (seq: number): VerifiedRow => ({ seq, at: millis(seq), values: [seq], raw: null });

describe('a window that is slow', () => {
  const source = { reading: () => ({ state: 'live' }), spend: () => ({ signed: 1n }), rows: () => [row(0)] } as unknown as LiveSource;

  it('is told the newest 500 rows at a time and how many were left out', async () => {
    const clock = new ManualClock(millis(1000));
    const window = new LiveWindow(source, clock);
    const stop = new AbortController();
    const events = window.events(stop.signal);
    for (const kind of ['reading', 'spend', 'rows']) expect((await events.next()).value).toMatchObject({ kind });
    for (let seq = 1; seq <= 100_000; seq++) window.row(row(seq));
    const { value } = await events.next();
    expect(value?.kind === 'rows' && [value.rows.length, value.skipped, value.rows[0]?.seq, value.rows.at(-1)?.seq]).toEqual([MAX_EVENT_ROWS, 99_500, 99_501, 100_000]);
    window.row(row(100_001));
    const next = events.next();
    let isTold = false;
    void next.then(() => (isTold = true));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isTold).toBe(false);
    clock.advance(millis(200));
    expect((await next).value).toEqual({ kind: 'rows', rows: [row(100_001)], skipped: 0 });
    stop.abort();
    expect((await events.next()).done).toBe(true);
  });
});

describe('rows for a late window', () => {
  it('cover ten minutes evenly, and no more than 2,000 of them', () => {
    const ring = new RowRing();
    for (let at = 0; at < 1_200_000; at += 10) ring.add(row(at), 100, millis(at));
    const rows = ring.rows(millis(1_200_000));
    expect(rows.length).toBeLessThanOrEqual(RING_ROWS);
    expect(rows.length).toBeGreaterThan(RING_ROWS / 4);
    expect(rows[0]?.seq).toBeLessThan(620_000);
    expect(rows.at(-1)?.seq).toBeGreaterThan(1_198_000);
  });

  it('are all there when they are few, and bounded in bytes when they are large', () => {
    const few = new RowRing();
    for (let at = 0; at < 1000; at++) few.add(row(at), 100, millis(at));
    expect(few.rows(millis(1000)).length).toBe(1000);
    const large = new RowRing();
    for (let at = 0; at < 1000; at++) large.add(row(at), 60_000, millis(at * 100));
    expect(large.rows(millis(100_000)).length * 60_000).toBeLessThanOrEqual(8 * 1024 * 1024);
  });
});

it('holes are kept for a day, the newest hundred; one that lasts ends with the next row', () => {
  const gaps = new GapList([]);
  for (let i = 0; i < 150; i++) gaps.add({ fromSeq: i, toSeq: i, from: millis(i), to: millis(i + 1), reason: 'gateway' });
  expect(gaps.all(millis(200)).map(({ fromSeq }) => fromSeq)).toEqual(Array.from({ length: 100 }, (_, i) => i + 50));
  expect(gaps.all(millis(86_400_000 + 100)).at(0)?.fromSeq).toBe(99);
  expect(gaps.begin('publisher', millis(500))).toMatchObject({ to: null });
  expect(gaps.begin('gateway', millis(600))).toBe(null);
  expect(gaps.end(millis(700))).toMatchObject({ from: 500, to: 700, reason: 'publisher' });
  expect(gaps.end(millis(800))).toBe(null);
});

it('a rate is of the span and of what is covered of it', () => {
  const meter = new RateMeter(millis(10_000), millis(0));
  expect(meter.perMilli(millis(500))).toBe(null);
  for (let at = 0; at < 5000; at += 10) meter.add(1, millis(at));
  expect(meter.perMilli(millis(5000))).toBeCloseTo(0.1, 3);
  for (let at = 5000; at < 60_000; at += 20) meter.add(1, millis(at));
  expect(meter.perMilli(millis(60_000))).toBeCloseTo(0.05, 2);
  expect(meter.perMilli(millis(80_000))).toBe(0);
});
