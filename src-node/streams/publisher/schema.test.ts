import { expect, it } from 'vitest';
import { checkRow, checkSchema, readCsvRow, readJsonRow, readJsonRows, type StreamSchema } from './schema.ts';

const schema: StreamSchema = checkSchema({
  version: 1,
  columns: [
    { name: 'time', type: 'time', unit: '' },
    { name: 'speed', type: 'number', unit: 'km/h' },
    { name: 'gear', type: 'integer', unit: '' },
    { name: 'braking', type: 'boolean', unit: '' },
    { name: 'note', type: 'text', unit: '' },
  ],
});
const good = { time: 1000, speed: 50.5, gear: 3, braking: false, note: '' };

it('takes a row that fits, in the order of the columns, whatever the order it came in', () => {
  const row = checkRow(schema, { note: '', braking: false, gear: 3, speed: 50.5, time: '1970-01-01T00:00:01Z' });
  expect(JSON.stringify(row)).toBe(JSON.stringify(good));
});

it.each<[what: string, change: Record<string, unknown>, field: string, why: RegExp]>([
  ['text for a number', { speed: '50' }, 'speed', /not a number/],
  ['a number beyond all', { speed: Infinity }, 'speed', /not a number/],
  ['a part of a whole number', { gear: 1.5 }, 'gear', /whole/],
  ['a number for true', { braking: 1 }, 'braking', /true or false/],
  ['a number for text', { note: 5 }, 'note', /not text/],
  ['a day that does not exist', { time: '2026-13-40' }, 'time', /neither a time/],
  ['a time that no date has', { time: 8.65e15 }, 'time', /neither a time/],
  ['a time of no known zone', { time: 'Monday' }, 'time', /neither a time/],
  ['a column of nobody', { colour: 'red' }, 'colour', /no such column/],
])('refuses %s by field and row', (_, change, field, why) => {
  expect(() => checkRow(schema, { ...good, ...change }, 7)).toThrow(expect.objectContaining({ code: 'BAD_ROW', meta: { row: 7, field, why: expect.stringMatching(why) as string } }));
});

it('refuses a row without a column, one of another form, and one that no frame holds', () => {
  const { gear, ...rest } = good;
  expect(gear).toBe(3);
  expect(() => checkRow(schema, rest, 2)).toThrow('Field "gear" of row 2 cannot be taken: it is missing.');
  for (const value of [null, 5, 'text', [good]]) expect(() => checkRow(schema, value)).toThrow('not an object');
  expect(() => checkRow(schema, { ...good, note: 'x'.repeat(61_440) })).toThrow('larger than');
});

it('measures a row as it is written: letters that JSON escapes, and numbers that it writes out', () => {
  const { length } = JSON.stringify({ ...good, note: '' });
  const escaped = '\u0001'.repeat(Math.floor((60 * 1024 - length) / 6));
  expect(checkRow(schema, { ...good, note: escaped })['note']).toBe(escaped);
  expect(() => checkRow(schema, { ...good, note: `${escaped}\u0001` })).toThrow('larger than');
  const wide = checkSchema({ version: 1, columns: Array.from({ length: 256 }, (_, i) => ({ name: `${i}`.padStart(64, '_'), type: 'number', unit: '' })) });
  const row = Object.fromEntries(wide.columns.map(({ name }) => [name, -1.7976931348623157e308]));
  expect(checkRow(wide, row)).toEqual(row);
});

it('takes a column of any name, and tells it from what every object has', () => {
  const odd = checkSchema({ version: 1, columns: ['__proto__', 'constructor', 'toString'].map((name) => ({ name, type: 'number', unit: '' })) });
  const text = '{"__proto__":1,"constructor":2,"toString":3}';
  expect(JSON.stringify(readJsonRow(odd, text))).toBe(text);
  for (const rest of ['{"constructor":2,"toString":3}', '{"__proto__":1,"toString":3}', '{"__proto__":1,"constructor":2}']) expect(() => readJsonRow(odd, rest)).toThrow('it is missing');
});

it('reads one object, a list, and one object a line, and counts the rows of what is wrong', () => {
  const line = JSON.stringify(good);
  expect(readJsonRow(schema, line)).toEqual(good);
  expect(readJsonRows(schema, line)).toEqual([good]);
  expect(readJsonRows(schema, `[${line},${line}]`)).toEqual([good, good]);
  expect(readJsonRows(schema, `${line}\n${line}\n`)).toEqual([good, good]);
  expect(() => readJsonRows(schema, `${line}\n{"time":`)).toThrow(expect.objectContaining({ meta: expect.objectContaining({ row: 2 }) as object }));
});

it('reads separated text by its header; an empty field is no value, or empty text', () => {
  const header = ['speed', 'time', 'gear', 'note', 'braking'];
  expect(readCsvRow(schema, header, ['50.5', '1970-01-01 00:00:01', '3', '', 'no'])).toEqual(good);
  expect(readCsvRow(schema, header, ['', '1000', '', '', 'TRUE'])).toEqual({ time: 1000, speed: null, gear: null, braking: true, note: '' });
  expect(() => readCsvRow(schema, header, ['fast', '1000', '3', '', 'no'], 4)).toThrow('Field "speed" of row 4 cannot be taken: it is not a number.');
  expect(() => readCsvRow(schema, header, ['1', '2'], 5)).toThrow('Row 5 cannot be taken: it has 2 fields and the header 5.');
});

it('refuses columns of one name, of no type, and none', () => {
  const [first] = schema.columns;
  for (const columns of [[], [first, first], [{ ...first, type: 'colour' }], [{ ...first, name: '' }]]) expect(() => checkSchema({ version: 1, columns })).toThrow(expect.objectContaining({ code: 'BAD_SCHEMA' }));
});
