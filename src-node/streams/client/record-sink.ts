/**
 * Records a stream into a file: CSV, one JSON object a line, or the same with exact types and a file of the columns beside it, as tools that
 * make Parquet read it. What was written is known by number: after a kill the file is cut behind the last whole group of rows and goes on with the
 * next, so no row stands in it twice. The file has its name when it is complete; before that ".part" is behind it.
 */
import { z } from 'zod';
import { utf8 } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import type { AppendFile, FilePort } from '../../base/files.ts';
import type { CellValue, Column, ColumnType, StreamSchema } from '../publisher/schema.ts';
import type { StreamRow } from './row.ts';

export type RecordFormat = 'csv' | 'jsonl' | 'parquet-json';

export interface RecordSinkOptions {
  readonly path: string;
  readonly format: RecordFormat;
  readonly schema: StreamSchema;
}

const positionSchema = z.object({ bytes: z.int().min(0), nextSeq: z.string().regex(/^\d{1,20}$/).transform((text) => BigInt(text)) });
const MAX_POSITION_BYTES = 1024;

/** Physical and logical type, as Parquet names them. */
const PARQUET: Readonly<Record<ColumnType, readonly [type: string, logical: string | null]>> = {
  number: ['DOUBLE', null], integer: ['INT64', null], text: ['BYTE_ARRAY', 'STRING'], boolean: ['BOOLEAN', null], time: ['INT64', 'TIMESTAMP_MILLIS'],
};

export class RecordSink {
  readonly #options: RecordSinkOptions;
  readonly #files: FilePort;
  readonly #file: AppendFile;
  #nextSeq: bigint;

  private constructor(options: RecordSinkOptions, files: FilePort, file: AppendFile, nextSeq: bigint) {
    this.#options = options;
    this.#files = files;
    this.#file = file;
    this.#nextSeq = nextSeq;
  }

  /** Begins the file, or goes on behind what was written to it. @throws CodedError<FileErrorCode> */
  static async open(options: RecordSinkOptions, modules: { readonly files: FilePort }): Promise<RecordSink> {
    const { files } = modules;
    const position = await readPosition(options.path, files);
    const file = await files.openAppend(partOf(options.path), position.bytes);
    // a note that says more than the file holds is that of one that was finished
    const isAnew = file.length < position.bytes || file.length === 0;
    const sink = new RecordSink(options, files, file, isAnew ? 0n : position.nextSeq);
    if (isAnew) await sink.#begin();
    return sink;
  }

  /** Rows before it are in the file, or were left out because they are none. */
  get nextSeq(): bigint {
    return this.#nextSeq;
  }

  /** Of the file, with what stands before the first row. */
  get bytes(): number {
    return this.#file.length;
  }

  /** On disk when it returns. Rows that stand in the file are passed over. @throws CodedError<FileErrorCode> */
  async write(rows: readonly StreamRow[]): Promise<void> {
    const fresh = rows.filter(({ seq }) => seq >= this.#nextSeq);
    const last = fresh.at(-1);
    if (last === undefined) return;
    const text = fresh.map((row) => this.#line(row)).join('');
    if (text !== '') await this.#file.append(utf8(text));
    this.#nextSeq = last.seq + 1n;
    await this.#note();
  }

  /** Gives the file its name. @throws CodedError<FileErrorCode> */
  async finish(): Promise<void> {
    await this.close();
    await this.#files.rename(partOf(this.#options.path), this.#options.path);
  }

  /** Leaves it to be gone on with. */
  close(): Promise<void> {
    return this.#file.close();
  }

  async #begin(): Promise<void> {
    const { path, format, schema } = this.#options;
    if (format === 'csv') await this.#file.append(utf8(`${['seq', 'received', ...schema.columns.map(({ name }) => name)].map(csvField).join(',')}\n`));
    if (format === 'parquet-json') await this.#files.writeAtomic(`${path}.columns.json`, `${JSON.stringify(parquetColumns(schema.columns), null, 2)}\n`);
    await this.#note();
  }

  #note(): Promise<void> {
    return this.#files.writeAtomic(noteOf(this.#options.path), JSON.stringify({ bytes: this.#file.length, nextSeq: this.#nextSeq.toString() }));
  }

  #line({ seq, timeMillis, row }: StreamRow): string {
    if (row === null) return '';
    const { format, schema } = this.#options;
    const received = new Date(timeMillis).toISOString();
    const cells = schema.columns.map(({ name, type }) => [name, type, row[name] ?? null] as const);
    if (format === 'csv') return `${[seq.toString(), received, ...cells.map(([, type, value]) => csvField(shown(type, value)))].join(',')}\n`;
    const fields = cells.map(([name, type, value]) => [name, format === 'jsonl' && type === 'time' && value !== null ? shown(type, value) : value]);
    const head = format === 'jsonl' ? { seq: seq.toString(), received } : { seq: Number(seq), received: timeMillis };
    return `${JSON.stringify({ ...head, ...Object.fromEntries(fields) })}\n`;
  }
}

/** Every column may be null but for the two of the stream. */
function parquetColumns(columns: readonly Column[]): readonly object[] {
  const own = [{ name: 'seq', type: 'integer', unit: '' }, { name: 'received', type: 'time', unit: '' }] as const;
  return [...own, ...columns].map(({ name, type, unit }, index) => {
    const [physical, logical] = PARQUET[type];
    return { name, type: physical, logicalType: logical, repetition: index < own.length ? 'REQUIRED' : 'OPTIONAL', unit };
  });
}

async function readPosition(path: string, files: FilePort): Promise<z.output<typeof positionSchema>> {
  const beginning = { bytes: 0, nextSeq: 0n };
  if (!(await files.exists(partOf(path)))) return beginning;
  try {
    const bytes = await files.read(noteOf(path), MAX_POSITION_BYTES);
    return positionSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (error) {
    if (isCoded(error, 'FILE_MISSING')) return beginning;
    throw error;
  }
}

function partOf(path: string): string {
  return `${path}.part`;
}

function noteOf(path: string): string {
  return `${path}.position.json`;
}

function shown(type: ColumnType, value: CellValue): string {
  if (value === null) return '';
  return type === 'time' && typeof value === 'number' ? new Date(value).toISOString() : String(value);
}

/** Quoted where it has to be; a field that a spreadsheet would take for a formula is marked as text. */
function csvField(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
