import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ManualClock, millis } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import { checkSchema, type Row } from '../schema.ts';
import type { IncomingRow, RowSink } from '../source.ts';
import { replay, rowsOfCsv } from './replay.ts';

const HOUR = 3_600_000;
const schema = checkSchema({
  version: 1,
  columns: [
    { name: 'date', type: 'time', unit: '' }, { name: 'precipitation', type: 'number', unit: 'mm' }, { name: 'temp_max', type: 'number', unit: '°C' }, { name: 'temp_min', type: 'number', unit: '°C' },
    { name: 'wind', type: 'number', unit: 'm/s' }, { name: 'weather', type: 'text', unit: '' },
  ],
});
const timesOf = (rows: readonly Row[]): number[] => rows.map(({ date = null }) => (date === null ? NaN : Number(date)));
const data = join(import.meta.dirname, '../../../../node_modules/vega-datasets/data/seattle-weather.csv');

function sinkOf(clock: ManualClock, recent: string[] = []): { readonly sink: RowSink; readonly taken: (readonly [time: number, row: Row])[] } {
  const taken: (readonly [number, Row])[] = [];
  const accept = (_source: string, rows: readonly IncomingRow[]): Promise<void> => {
    for (const { row, token } of rows) {
      taken.push([clock.now(), row]);
      recent.push(token);
    }
    return Promise.resolve();
  };
  return { taken, sink: { schema, accept, recent: () => recent, room: () => Promise.resolve() } };
}

/** Moves the clock until so many rows were taken. */
async function run(clock: ManualClock, taken: readonly unknown[], count: number, step: number): Promise<void> {
  while (taken.length < count) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(millis(step));
  }
}

it('plays the weather of Seattle at its speed, and after a restart goes on with the next day', async () => {
  const rows = rowsOfCsv(schema, readFileSync(data, 'utf8'));
  expect(rows).toHaveLength(1461);
  expect(rows[1]).toEqual({ date: Date.UTC(2012, 0, 2), precipitation: 10.9, temp_max: 10.6, temp_min: 2.8, wind: 4.5, weather: 'rain' });
  const clock = new ManualClock(millis(0));
  const recent: string[] = [];
  const first = sinkOf(clock, recent);
  const stop = new AbortController();
  const done = replay({ rows, times: timesOf(rows), speed: 24 }, { sink: first.sink, clock }, stop.signal);
  await run(clock, first.taken, 5, HOUR / 4);
  stop.abort();
  await done;
  expect(first.taken.map(([time]) => time)).toEqual([0, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]);
  expect(first.taken.map(([, row]) => row)).toEqual(rows.slice(0, 5));
  const second = sinkOf(clock, recent);
  const end = new AbortController();
  const again = replay({ rows, times: timesOf(rows), speed: 24 }, { sink: second.sink, clock }, end.signal);
  await run(clock, second.taken, 2, HOUR / 4);
  end.abort();
  await again;
  expect(second.taken.map(([, row]) => row)).toEqual(rows.slice(5, 7));
});

it('waits while the spool is full, and refuses rows out of order and no speed', async () => {
  const clock = new ManualClock(millis(0));
  const { sink, taken } = sinkOf(clock);
  let full = true;
  const stop = new AbortController();
  const busy: RowSink = {
    ...sink,
    accept: (source, rows) => (full ? Promise.reject(new CodedError('SPOOL_FULL', 'full')) : sink.accept(source, rows)),
    room: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      full = false;
    },
  };
  const rows = [{ date: 0 }, { date: 10 }];
  const done = replay({ rows, times: timesOf(rows), speed: 1 }, { sink: busy, clock }, stop.signal);
  await run(clock, taken, 2, 5);
  stop.abort();
  await done;
  expect(taken.map(([, row]) => row['date'])).toEqual([0, 10]);
  const signal = new AbortController().signal;
  for (const [bad, speed] of [[[{ date: 10 }, { date: 0 }], 1], [[{ date: null }, { date: 'x' }], 1], [rows, 0], [[], 1]] as const) {
    await expect(replay({ rows: bad, times: timesOf(bad), speed }, { sink, clock }, signal)).rejects.toMatchObject({ code: 'BAD_REPLAY' });
  }
});
