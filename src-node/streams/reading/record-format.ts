/** How a row is written to a file. A line that was published in the file's own form stands there byte for byte. */
import type { Bytes } from '../../base/bytes.ts';
import type { StreamRow } from '../client/row.ts';
import type { CellValue, Column, StreamSchema } from '../publisher/schema.ts';
import type { RecordingFormat } from './views.ts';

export const FILE_ENDINGS: Readonly<Record<RecordingFormat, string>> = { csv: 'csv', jsonl: 'jsonl', 'json-columns': 'jsonl' };

/** Beside the declared ones, in the form that Parquet writers want. */
const OWN_COLUMNS: readonly Column[] = [{ name: 'pd_seq', type: 'integer', unit: '' }, { name: 'pd_time', type: 'time', unit: 'ms' }, { name: 'pd_raw', type: 'text', unit: '' }];

/** What stands before the first row. */
export function fileHead(format: RecordingFormat, { columns }: StreamSchema): string {
  return format === 'csv' ? `${columns.map(({ name }) => csvField(name)).join(',')}\n` : '';
}

/** What a file of its own says of the columns, or null. */
export function columnsFile(format: RecordingFormat, { columns }: StreamSchema): string | null {
  return format === 'json-columns' ? `${JSON.stringify({ columns: [...OWN_COLUMNS, ...columns] }, null, 2)}\n` : null;
}

/** A row that does not fit the columns is one quoted field, a member "raw", or `pd_raw`. */
export function fileLine(format: RecordingFormat, { seq, timeMillis, row, record: { contentType, body } }: StreamRow, { columns }: StreamSchema): Bytes {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length);
  const isLine = !body.includes(0x0a) && !body.includes(0x0d);
  const asText = (): string => (contentType === 'octets' ? `0x${text.toString('hex')}` : text.toString('utf8'));
  switch (format) {
    case 'csv':
      if (row === null) return line(csvField(asText()));
      return contentType === 'csv' && isLine ? published(text) : line(columns.map(({ name }) => csvCell(row[name] ?? null)).join(','));
    case 'jsonl':
      if (row === null) return line(JSON.stringify({ raw: asText() }));
      return contentType === 'json' && isLine ? published(text) : line(JSON.stringify(row));
    case 'json-columns': {
      const own = { pd_seq: Number(seq), pd_time: timeMillis, pd_raw: row === null ? asText() : null };
      return line(JSON.stringify({ ...own, ...Object.fromEntries(columns.map(({ name }) => [name, row?.[name] ?? null])) }));
    }
  }
}

function published(text: Buffer): Bytes {
  return Buffer.concat([text, Buffer.from('\n')]);
}

function line(text: string): Bytes {
  return Buffer.from(`${text}\n`);
}

function csvCell(value: CellValue): string {
  return value === null ? '' : csvField(String(value));
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
