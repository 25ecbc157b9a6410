import { describe, expect, it } from 'vitest';
import type { StreamColumn, StreamRow, StreamValue } from '../../src-node/api/contract/index.ts';
import { ALL_KEYS, keyColumn, measures, StreamSeries } from './streams-series.ts';

const COLUMNS: readonly StreamColumn[] = [{ name: 'station', type: 'text', unit: null }, { name: 'seq', type: 'integer', unit: null }, { name: 'friction', type: 'number', unit: null }, { name: 'road', type: 'number', unit: '°C' }];
const FRICTION = 2;
const row = (seq: number, at: number, values: readonly StreamValue[]): StreamRow => ({ seq, at, values, raw: null });
const gap = (from: number, to: number) => ({ fromSeq: null, toSeq: null, from, to, reason: 'publisher' }) as const;

describe('the series of a stream', () => {
  it('takes as lines what measures, and as key the first text', () => {
    expect(measures(COLUMNS)).toEqual([2, 3]);
    expect(keyColumn(COLUMNS)).toBe(0);
  });

  it('keeps the lowest and the highest of each second in the order they came', () => {
    const series = new StreamSeries(COLUMNS);
    series.add([row(0, 1000, ['A', 0, 0.5, 3]), row(1, 1300, ['A', 1, 0.9, 3]), row(2, 1600, ['A', 2, 0.7, 3]), row(3, 2100, ['A', 3, 0.8, 3]), row(4, 2500, ['A', 4, 0.2, 3]), row(5, 3000, ['A', 5, 0.5, 3]), row(6, 3200, ['A', 6, 0.1, 3]), row(7, 3400, ['A', 7, 0.9, 3])]);
    expect(series.line('A', FRICTION, 0, 5000, [])).toEqual({ times: [1000, 1500, 2000, 2500, 3000, 3500], values: [0.5, 0.9, 0.8, 0.2, 0.1, 0.9] });
    expect(series.line('A', 3, 0, 5000, [])).toEqual({ times: [1000, 2000, 3000], values: [3, 3, 3] });
  });

  it('tells the keys apart, and has all of them together', () => {
    const series = new StreamSeries(COLUMNS);
    series.add([row(0, 1000, ['A', 0, 0.5, 3]), row(1, 2000, ['B', 1, 0.6, 3]), row(2, 3000, ['B', 2, 0.7, 3])]);
    expect(series.keys()).toEqual(['A', 'B']);
    expect(series.line('B', FRICTION, 0, 9000, []).values).toEqual([0.6, 0.7]);
    expect(series.line(ALL_KEYS, FRICTION, 0, 9000, []).values).toEqual([0.5, 0.6, 0.7]);
  });

  it('breaks the line at a gap, and only there', () => {
    const series = new StreamSeries(COLUMNS);
    series.add([row(0, 1000, ['A', 0, 1, 3]), row(1, 2000, ['A', 1, 2, 3]), row(2, 9000, ['A', 2, 3, 3]), row(3, 15_000, ['A', 3, 4, 3])]);
    expect(series.line('A', FRICTION, 0, 20_000, [gap(2500, 9000)])).toEqual({ times: [1000, 2000, 2500, 9000, 15_000], values: [1, 2, null, 3, 4] });
  });

  it('holds ten minutes at any rate: what is older is written over, what is late is left out', () => {
    const series = new StreamSeries(COLUMNS);
    const start = 1_000_000_000_000;
    for (let second = 0; second < 1500; second += 1) series.add([row(second, start + second * 1000, ['A', second, second, 0])]);
    series.add([row(9999, start + 5000, ['A', 0, -1, 0])]);
    const { values } = series.line('A', FRICTION, start, start + 1_500_000, []);
    expect(values).toHaveLength(600);
    expect([values[0], values.at(-1)]).toEqual([900, 1499]);
  });

  it('follows fifty keys and no more, and misses no value for one that is no number', () => {
    const series = new StreamSeries(COLUMNS);
    series.add(Array.from({ length: 80 }, (_, i) => row(i, 1000 + i, [`K${i}`, i, i === 0 ? null : i, 0])));
    expect(series.keys()).toHaveLength(50);
    expect(series.line('K0', FRICTION, 0, 5000, [])).toEqual({ times: [], values: [] });
    expect(series.line(ALL_KEYS, FRICTION, 0, 5000, []).values).toEqual([1, 79]);
  });
});
