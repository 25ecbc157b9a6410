/** Looks at a new source before it is kept, so that what cannot work is said at once. */
import { open } from 'node:fs/promises';
import { CsvRecords } from '../../base/csv.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import { fileError } from '../../base/files.ts';
import { readJsonRow, type StreamSchema } from '../publisher/schema.ts';
import { checkMqtt } from './mqtt-test.ts';
import { recordingRows } from './recordings.ts';
import type { SourceSettings } from './views.ts';

const HEAD_BYTES = 256 * 1024;

/** @throws FILE_MISSING, NO_PERMISSION, MQTT_REFUSED, BAD_COLUMNS */
export async function checkSource(settings: SourceSettings, password: string | null, schema: StreamSchema): Promise<void> {
  switch (settings.kind) {
    case 'post':
    case 'socket':
      return;
    case 'file':
      return checkHead(settings.format, await headOf(settings.path), schema);
    case 'mqtt':
      return checkMqtt({ ...settings.settings, password });
    case 'replay':
      await recordingRows(settings.data, schema);
      return;
  }
}

async function headOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(error, path);
  }
}

/** The first whole line; a file that has none yet may get any. */
function checkHead(format: 'csv' | 'jsonl', head: string, schema: StreamSchema): void {
  const end = head.indexOf('\n');
  const line = head.slice(0, end).replace(/\r$/, '');
  if (end < 0 || line.trim() === '') return;
  if (format === 'jsonl') {
    try {
      readJsonRow(schema, line);
    } catch (error) {
      if (isCoded(error, 'BAD_ROW')) throw badColumns(error.message, schema);
      throw error;
    }
    return;
  }
  const header = new CsvRecords(',').take(line);
  if (header === null) return;
  const missing = schema.columns.find(({ name }) => !header.includes(name));
  const unknown = header.find((name) => !schema.columns.some((column) => column.name === name));
  if (missing !== undefined) throw badColumns(`The file has no column "${missing.name}".`, schema);
  if (unknown !== undefined) throw badColumns(`The stream declares no column "${unknown.slice(0, 64)}".`, schema);
}

function badColumns(why: string, schema: StreamSchema): CodedError {
  const columns = schema.columns.map(({ name }) => name).join(', ');
  return new CodedError('BAD_COLUMNS', why, { help: `A file for this stream has the columns ${columns}.`, meta: { columns } });
}
