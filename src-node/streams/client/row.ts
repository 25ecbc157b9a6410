/** A record of a stream as a row of its columns. */
import { asBuffer } from '../../base/bytes.ts';
import { CsvRecords } from '../../base/csv.ts';
import { isCoded } from '../../base/errors.ts';
import { checkRow, readCsvRow, type Row, type StreamSchema } from '../publisher/schema.ts';
import type { DeliveredRecord } from './verify.ts';

export interface StreamRow {
  readonly seq: bigint;
  /** When it was sealed. */
  readonly timeMillis: number;
  readonly epoch: number;
  readonly generation: number;
  /** Null when what was published is no row of the declared columns; `record` holds it. */
  readonly row: Row | null;
  readonly record: DeliveredRecord;
}

export function rowOf(record: DeliveredRecord, schema: StreamSchema): StreamRow {
  const { seq, timeMillis, epoch, generation } = record;
  return { seq, timeMillis, epoch, generation, row: readRow(record, schema), record };
}

function readRow({ contentType, body }: DeliveredRecord, schema: StreamSchema): Row | null {
  const text = asBuffer(body).toString('utf8');
  try {
    if (contentType === 'json') return checkRow(schema, JSON.parse(text));
    const fields = contentType === 'csv' ? new CsvRecords(',').take(text) : null;
    return fields === null ? null : readCsvRow(schema, schema.columns.map(({ name }) => name), fields);
  } catch (error) {
    if (isCoded(error, 'BAD_ROW') || error instanceof SyntaxError) return null;
    throw error;
  }
}
