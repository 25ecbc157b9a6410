/** Looks into a data file before it is packed: format, rows, columns with their types and ranges, first rows. Streaming and bounded. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { CsvRecords } from '../../base/csv.ts';
import { fileError } from '../../base/files.ts';
import type { MetadataColumn, RowsPreview } from '../metadata.ts';
import { ColumnStatistics, jsonOf } from './column-statistics.ts';

/** Why columns could not be read: out of time, a line that is no object, too large for one document, no JSON, no list of objects. */
export type FileProblem = 'slow' | 'line-no-object' | 'json-too-large' | 'no-json' | 'no-list';

export interface FileProfile {
  readonly format: string;
  readonly rows: number | null;
  readonly columns: readonly MetadataColumn[];
  readonly preview: RowsPreview | null;
  readonly problem: FileProblem | null;
}

const PREVIEW_ROWS = 8;
const MAX_COLUMNS = 500;
/** A JSON array has to be parsed whole; above this only its format is told. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const MAX_LINE_BYTES = 1024 * 1024;

type Row = readonly (readonly [name: string, value: unknown])[];

class TableProfiler {
  readonly #columns = new Map<string, ColumnStatistics>();
  readonly #preview: Row[] = [];
  #rows = 0;

  add(row: Row): void {
    this.#rows += 1;
    if (this.#preview.length < PREVIEW_ROWS) this.#preview.push(row);
    for (const [name, value] of row) {
      let statistics = this.#columns.get(name);
      if (statistics === undefined) {
        if (this.#columns.size >= MAX_COLUMNS) continue;
        this.#columns.set(name, (statistics = new ColumnStatistics()));
      }
      statistics.add(value);
    }
  }

  result(format: string): FileProfile {
    const header = [...this.#columns.keys()];
    const rows = this.#preview.map((row) => {
      const values = new Map(row);
      return header.map((name) => textOf(values.get(name)).slice(0, 200));
    });
    return {
      format,
      rows: this.#rows,
      columns: [...this.#columns].map(([name, statistics]) => ({ name: name.slice(0, 120), ...statistics.result(this.#rows) })),
      preview: header.length === 0 ? null : { kind: 'rows', header: header.map((name) => name.slice(0, 200)), rows },
      problem: null,
    };
  }
}

/** Never throws for the content, nor for time that runs out (`signal`). @throws FileErrorCode when the file cannot be read */
export async function profileFile(path: string, name: string, signal: AbortSignal): Promise<FileProfile> {
  const extension = extname(name).toLowerCase();
  const format = extension.slice(1).toUpperCase() || 'binary';
  try {
    if (extension === '.csv' || extension === '.tsv') return await profileCsv(path, extension === '.csv' ? ',' : '\t', signal);
    if (extension === '.jsonl' || extension === '.ndjson') return await profileJsonLines(path, signal);
    if (extension === '.json') return await profileJson(path);
  } catch (error) {
    if (signal.aborted) return { format, rows: null, columns: [], preview: null, problem: 'slow' };
    throw fileError(error, path);
  }
  return { format, rows: null, columns: [], preview: null, problem: null };
}

async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const lines = createInterface({ input: createReadStream(path, { signal }), crlfDelay: Infinity });
  for await (const line of lines) if (line !== '') yield line.length > MAX_LINE_BYTES ? line.slice(0, MAX_LINE_BYTES) : line;
}

async function profileCsv(path: string, separator: string, signal: AbortSignal): Promise<FileProfile> {
  const profiler = new TableProfiler();
  let header: readonly string[] | null = null;
  const records = new CsvRecords(separator);
  for await (const line of linesOf(path, signal)) {
    const values = records.take(line);
    if (values === null) continue;
    if (header === null) header = values.map((value, i) => value.replace(/^\ufeff/, '').trim() || `column ${i + 1}`);
    else profiler.add(header.map((name, i) => [name, values[i] ?? '']));
  }
  return profiler.result(separator === ',' ? 'CSV' : 'TSV');
}

async function profileJsonLines(path: string, signal: AbortSignal): Promise<FileProfile> {
  const profiler = new TableProfiler();
  for await (const line of linesOf(path, signal)) {
    const value = parseJson(line);
    if (!isObject(value)) return { format: 'JSONL', rows: null, columns: [], preview: null, problem: 'line-no-object' };
    profiler.add(Object.entries(value));
  }
  return profiler.result('JSONL');
}

async function profileJson(path: string): Promise<FileProfile> {
  const none = (problem: FileProblem): FileProfile => ({ format: 'JSON', rows: null, columns: [], preview: null, problem });
  const file = await open(path, 'r');
  try {
    if ((await file.stat()).size > MAX_JSON_BYTES) return none('json-too-large');
    const value = parseJson(await file.readFile('utf8'));
    if (value === undefined) return none('no-json');
    const list: readonly unknown[] | null = Array.isArray(value) ? value : isObject(value) ? (Object.values(value).find((field): field is unknown[] => Array.isArray(field)) ?? null) : null;
    if (list === null || !list.every(isObject)) return none('no-list');
    const profiler = new TableProfiler();
    for (const row of list) profiler.add(Object.entries(row));
    return profiler.result('JSON');
  } finally {
    await file.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told to the seller as a problem of the file
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : jsonOf(value);
}
