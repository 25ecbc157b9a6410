/**
 * Rows that were recorded once and are played into a stream, so that its owner sees it as a reader does. A recording gives the columns that the
 * stream declares and it knows, by their names; the others have no value.
 */
import { CodedError } from '../../base/errors.ts';
import { checkRow, type CellValue, type Column, type Row, type StreamSchema } from '../publisher/schema.ts';
import { rowsOfCsv } from '../publisher/sources/replay.ts';
import { VEHICLES_CSV } from './recordings/vehicles.gen.ts';
import { WEATHER_CSV } from './recordings/weather.gen.ts';

const TIME: Column = { name: 'time', type: 'time', unit: '' };
const WEATHER: readonly Column[] = [
  TIME, { name: 'precipitation', type: 'number', unit: 'mm' }, { name: 'temp_max', type: 'number', unit: '°C' }, { name: 'temp_min', type: 'number', unit: '°C' },
  { name: 'wind', type: 'number', unit: 'm/s' }, { name: 'weather', type: 'text', unit: '' },
];
const VEHICLES: readonly Column[] = [
  TIME, { name: 'delay', type: 'number', unit: 'min' }, { name: 'distance', type: 'number', unit: 'mi' }, { name: 'origin', type: 'text', unit: '' }, { name: 'destination', type: 'text', unit: '' },
];
const RECORDINGS = { weather: { columns: WEATHER, csv: WEATHER_CSV }, vehicles: { columns: VEHICLES, csv: VEHICLES_CSV } } as const;

export interface RecordingRows {
  /** In the declared columns of the stream, in the order of their times. */
  readonly rows: readonly Row[];
  /** When each happened, ms since 1970. */
  readonly times: readonly number[];
}

/** @throws BAD_COLUMNS when the stream declares none of its columns but the time */
export function recordingRows(name: keyof typeof RECORDINGS, schema: StreamSchema): RecordingRows {
  const { columns, csv } = RECORDINGS[name];
  const known = new Set(schema.columns.filter((wanted) => columns.some((own) => own.name === wanted.name && own.type === wanted.type)).map((column) => column.name));
  if ([...known].filter((column) => column !== TIME.name).length === 0) {
    const names = columns.map((column) => column.name).join(', ');
    throw new CodedError('BAD_COLUMNS', `The stream declares none of the columns of this recording: ${names}.`, { help: 'Register a stream for the test that declares some of them.', meta: { columns: names } });
  }
  const recorded = rowsOfCsv({ version: 1, columns }, csv);
  const cells = (row: Row): readonly (readonly [string, CellValue])[] => schema.columns.map((column) => [column.name, known.has(column.name) ? (row[column.name] ?? null) : null]);
  return { rows: recorded.map((row) => checkRow(schema, Object.fromEntries(cells(row)))), times: recorded.map((row) => Number(row[TIME.name])) };
}
