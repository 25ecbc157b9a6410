/** The columns that a stream declares once, and what each row is held to before it is sold (docs/protocol/11 "Publishers and readers"). */
import { z } from 'zod';
import type { Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';

export type ColumnType = 'number' | 'integer' | 'text' | 'boolean' | 'time';
/** `time` is a number of milliseconds since 1970; null says that there was no value. */
export type CellValue = number | string | boolean | null;
/** Cells by column name, in the order of the columns. */
export type Row = Readonly<Record<string, CellValue>>;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Such as "km/h"; empty when it has none. */
  readonly unit: string;
}

export interface StreamSchema {
  /** Raised with every change; stands in each record (u16). */
  readonly version: number;
  readonly columns: readonly Column[];
}

/** Leaves room for the head of the record in the 64 KiB of a frame. */
export const MAX_ROW_BYTES = 60 * 1024;
const MAX_COLUMNS = 256;
/** In JSON: of one letter (\u0000), of a number, true, false or null, and of quotes, colon and comma of a cell. */
const MAX_LETTER_BYTES = 6;
const MAX_SHORT_LETTERS = 25;
const CELL_SIGNS = 6;
const NAME = /^[\p{L}_][\p{L}\p{N}_ .-]{0,63}$/u;

export const streamSchemaSchema = z
  .object({
    version: z.int().min(1).max(0xffff),
    columns: z.array(z.object({ name: z.string().regex(NAME), type: z.enum(['number', 'integer', 'text', 'boolean', 'time']), unit: z.string().max(32) })).min(1).max(MAX_COLUMNS),
  })
  .refine(({ columns }) => new Set(columns.map(({ name }) => name)).size === columns.length, 'two columns have one name');

/** @throws BAD_SCHEMA with what is wrong */
export function checkSchema(value: unknown): StreamSchema {
  const parsed = streamSchemaSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CodedError('BAD_SCHEMA', `The columns cannot be used: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`, {
    help: 'Give each column a name of its own, a type (number, integer, text, boolean, time) and a unit, which may be empty.',
  });
}

/**
 * The cells of an object by the declared columns; every column must be there (null says "no value"), and nothing else.
 * @param number of the row, from 1, for the error
 * @throws BAD_ROW naming field (meta.field) and row (meta.row)
 */
export function checkRow(schema: StreamSchema, value: unknown, number = 1): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRow(number, null, 'it is not an object');
  const given = value as Readonly<Record<string, unknown>>;
  const row: Record<string, CellValue> = {};
  let mostBytes = 2;
  for (const { name, type } of schema.columns) {
    if (!Object.hasOwn(given, name)) throw badRow(number, name, 'it is missing');
    const cell = checkCell(type, given[name], (why) => badRow(number, name, why));
    // a column may have any name, also that of a property of every object
    if (name === '__proto__') Object.defineProperty(row, name, { value: cell, enumerable: true });
    else row[name] = cell;
    mostBytes += MAX_LETTER_BYTES * (name.length + (typeof cell === 'string' ? cell.length : MAX_SHORT_LETTERS)) + CELL_SIGNS;
  }
  const names = Object.keys(given);
  if (names.length > schema.columns.length) {
    const declared = new Set(schema.columns.map(({ name }) => name));
    throw badRow(number, names.find((name) => !declared.has(name))?.slice(0, 64) ?? null, 'no such column is declared');
  }
  // most rows are so short that nobody has to write them out to know
  if (mostBytes > MAX_ROW_BYTES && Buffer.byteLength(JSON.stringify(row)) > MAX_ROW_BYTES) throw badRow(number, null, `it is larger than ${MAX_ROW_BYTES} bytes`);
  return row;
}

/** One JSON object. @throws BAD_ROW */
export function readJsonRow(schema: StreamSchema, text: string, number = 1): Row {
  return checkRow(schema, parseJson(text, number), number);
}

/** One object, a list of objects, or one object a line. @throws BAD_ROW naming field and row */
export function readJsonRows(schema: StreamSchema, text: string): readonly Row[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    const list = parseJson(trimmed, 1);
    if (!Array.isArray(list)) throw badRow(1, null, 'it is not a list');
    return list.map((value, index) => checkRow(schema, value, index + 1));
  }
  const lines = trimmed.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => readJsonRow(schema, line, index + 1));
}

/** Fields of separated text by the names above them; an empty one is "no value", but for text, where it is empty text. @throws BAD_ROW */
export function readCsvRow(schema: StreamSchema, header: readonly string[], fields: readonly string[], number = 1): Row {
  if (fields.length !== header.length) throw badRow(number, null, `it has ${fields.length} fields and the header ${header.length}`);
  const types = new Map(schema.columns.map(({ name, type }) => [name, type]));
  return checkRow(schema, Object.fromEntries(header.map((name, index) => [name, cellOfText(types.get(name), fields[index] ?? '')])), number);
}

/** The body of a record (contentType 1). */
export function encodeRow(row: Row): Bytes {
  return Buffer.from(JSON.stringify(row));
}

function parseJson(text: string, number: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRow(number, null, 'it is not JSON');
  }
}

const TRUE = new Set(['true', '1', 'yes']);
const FALSE = new Set(['false', '0', 'no']);

/** What does not fit its type stays text, so that the check of the cell names it. */
function cellOfText(type: ColumnType | undefined, text: string): unknown {
  if (type === undefined || type === 'text') return text;
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (type === 'boolean') return TRUE.has(trimmed.toLowerCase()) ? true : FALSE.has(trimmed.toLowerCase()) ? false : text;
  if (type === 'time' && !/^-?\d+$/.test(trimmed)) return trimmed;
  return Number.isNaN(Number(trimmed)) ? text : Number(trimmed);
}

/** Milliseconds that a date can be so far from 1970. */
const MAX_TIME = 8.64e15;
/** A day, or a moment with its time zone or in UTC: no form whose meaning depends on the computer that reads it. */
const ISO_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

function checkCell(type: ColumnType, value: unknown, refuse: (why: string) => CodedError): CellValue {
  if (value === null) return null;
  switch (type) {
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse('it is not a number');
      return value;
    case 'integer':
      if (!Number.isSafeInteger(value)) throw refuse('it is not a whole number');
      return value as number;
    case 'text':
      if (typeof value !== 'string') throw refuse('it is not text');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw refuse('it is not true or false');
      return value;
    case 'time': {
      if (typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= MAX_TIME) return value;
      const parts = typeof value === 'string' ? ISO_TIME.exec(value) : null;
      const time = parts === null ? NaN : Date.parse(`${parts[1] ?? ''}T${parts[2] ?? '00:00'}${parts[3] ?? 'Z'}`);
      if (Number.isNaN(time)) throw refuse('it is neither a time such as 2026-01-31T12:00:00Z nor milliseconds since 1970');
      return time;
    }
  }
}

function badRow(row: number, field: string | null, why: string): CodedError {
  const where = field === null ? `Row ${row}` : `Field "${field}" of row ${row}`;
  return new CodedError('BAD_ROW', `${where} cannot be taken: ${why}.`, {
    help: 'Send rows that have exactly the declared columns, with null where there is no value. Nothing of this request was taken.',
    meta: { row, field, why },
  });
}
