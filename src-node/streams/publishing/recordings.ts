/**
 * Rows that were recorded once and are played into a stream, so that its owner sees it as a reader does. A recording gives the columns that the
 * stream declares and it knows, by their names; the others have no value. They are read when one is played.
 */
import { z } from 'zod';
import { CodedError, invariant } from '../../base/errors.ts';
import { checkRow, streamSchemaSchema, type CellValue, type Row, type StreamSchema } from '../publisher/schema.ts';

const MAX_ROWS = 10_000;
const MAX_CELLS = 16;
const MAX_TEXT = 64;

const recordingSchema = z.object({
  /** Who recorded it, and by which licence it is here. */
  source: z.string().min(1).max(500),
  columns: streamSchemaSchema.shape.columns.max(MAX_CELLS),
  rows: z.array(z.array(z.union([z.string().max(MAX_TEXT), z.number(), z.null()])).max(MAX_CELLS)).min(1).max(MAX_ROWS),
});

const RECORDINGS = {
  flights: () => import('../../../resources/recordings/flights.json', { with: { type: 'json' } }),
  weather: () => import('../../../resources/recordings/weather.json', { with: { type: 'json' } }),
} as const;
const TIME = 'time';

export type RecordingName = keyof typeof RECORDINGS;

export interface RecordingRows {
  /** In the declared columns of the stream, in the order of their times. */
  readonly rows: readonly Row[];
  /** When each happened, ms since 1970. */
  readonly times: readonly number[];
}

/** @throws BAD_COLUMNS when the stream declares none of its columns but the time */
export async function recordingRows(name: RecordingName, schema: StreamSchema): Promise<RecordingRows> {
  const { columns, rows } = await load(name);
  const known = new Set(schema.columns.filter((wanted) => columns.some((own) => own.name === wanted.name && own.type === wanted.type)).map((column) => column.name));
  if ([...known].filter((column) => column !== TIME).length === 0) {
    const names = columns.map((column) => column.name).join(', ');
    throw new CodedError('BAD_COLUMNS', `The stream declares none of the columns of this recording: ${names}.`, { help: 'Register a stream for the test that declares some of them.', meta: { columns: names } });
  }
  const cells = (row: Row): readonly (readonly [string, CellValue])[] => schema.columns.map((column) => [column.name, known.has(column.name) ? (row[column.name] ?? null) : null]);
  return { rows: rows.map((row) => checkRow(schema, Object.fromEntries(cells(row)))), times: rows.map((row) => Number(row[TIME])) };
}

async function load(name: RecordingName): Promise<{ readonly columns: StreamSchema['columns']; readonly rows: readonly Row[] }> {
  const parsed = recordingSchema.safeParse((await RECORDINGS[name]()).default).data;
  invariant(parsed, `The recording "${name}" that comes with the program is damaged.`);
  const { columns } = parsed;
  return { columns, rows: parsed.rows.map((cells, i) => checkRow({ version: 1, columns }, Object.fromEntries(columns.map((column, at) => [column.name, cells[at]])), i + 1)) };
}
