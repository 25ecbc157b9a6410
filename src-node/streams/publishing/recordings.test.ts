import { expect, it } from 'vitest';
import { recordingRows } from './recordings.ts';

it('plays what was recorded in the columns that the stream declares, and nothing in the others', async () => {
  const { rows, times } = await recordingRows('weather', { version: 1, columns: [{ name: 'wind', type: 'number', unit: 'm/s' }, { name: 'station', type: 'text', unit: '' }] });
  expect([rows.length, rows[1], times[0], times[1]]).toEqual([731, { wind: 4.5, station: null }, Date.UTC(2012, 0, 1), Date.UTC(2012, 0, 2)]);
  const flights = await recordingRows('flights', { version: 1, columns: [{ name: 'delay', type: 'number', unit: 'min' }, { name: 'origin', type: 'text', unit: '' }] });
  expect([flights.rows.length, flights.rows[0]]).toEqual([1000, { delay: -19, origin: 'LAX' }]);
  expect(flights.times.every((time, i) => time >= (flights.times[i - 1] ?? 0))).toBe(true);
});
