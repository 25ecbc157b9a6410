import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { millis } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import type { Row, StreamSchema } from '../publisher/schema.ts';
import { RecordSink, type RecordFormat } from './record-sink.ts';
import type { StreamRow } from './row.ts';

const schema: StreamSchema = { version: 1, columns: [{ name: 'at', type: 'time', unit: '' }, { name: 'speed', type: 'number', unit: 'km/h' }, { name: 'note', type: 'text', unit: '' }] };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sink-'));
  path = join(folder, 'rows');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (format: RecordFormat): Promise<RecordSink> => RecordSink.open({ path, format, schema }, { files: systemFiles });

function row(seq: number, cells: Row | null = { at: 1000 * seq, speed: seq / 2, note: 'a' }): StreamRow {
  const record = { seq: BigInt(seq), timeMillis: millis(seq), epoch: 0, generation: 1, contentType: 'json', schemaVersion: 1, body: new Uint8Array(0) } as const;
  return { seq: record.seq, timeMillis: seq, epoch: 0, generation: 1, row: cells, record };
}
const text = (): string => readFileSync(`${path}.part`, 'utf8');

it('writes separated text with quotes where they are needed and no formula', async () => {
  const sink = await open('csv');
  await sink.write([row(1, { at: 0, speed: -1.5, note: 'a "b", c' }), row(2, { at: null, speed: null, note: '=1+1' }), row(3, null)]);
  await sink.finish();
  expect(readFileSync(path, 'utf8')).toBe('seq,received,at,speed,note\n1,1970-01-01T00:00:00.001Z,1970-01-01T00:00:00.000Z,-1.5,"a ""b"", c"\n2,1970-01-01T00:00:00.002Z,,,\'=1+1\n');
  expect(existsSync(`${path}.part`)).toBe(false);
});

it('writes objects, and for Parquet exact types with the columns beside them', async () => {
  const lines = await open('jsonl');
  await lines.write([row(1)]);
  await lines.finish();
  expect(readFileSync(path, 'utf8')).toBe('{"seq":"1","received":"1970-01-01T00:00:00.001Z","at":"1970-01-01T00:00:01.000Z","speed":0.5,"note":"a"}\n');
  const parquet = await open('parquet-json');
  await parquet.write([row(1)]);
  expect(parquet.nextSeq).toBe(2n);
  await parquet.finish();
  const again = await open('parquet-json'); // another recording under the same name
  expect(again.nextSeq).toBe(0n);
  await again.close();
  expect(readFileSync(path, 'utf8')).toBe('{"seq":1,"received":1,"at":1000,"speed":0.5,"note":"a"}\n');
  expect((JSON.parse(readFileSync(`${path}.columns.json`, 'utf8')) as { name: string; type: string }[]).map(({ name, type }) => `${name} ${type}`)).toEqual(['seq INT64', 'received INT64', 'at INT64', 'speed DOUBLE', 'note BYTE_ARRAY']);
});

it('goes on after a kill at any byte with each row once', async () => {
  let sink = await open('jsonl');
  await sink.write([row(0), row(1)]);
  await sink.close();
  const whole = text();
  for (const torn of ['{"seq":"2"', `${whole.split('\n')[0] ?? ''}\n`]) {
    appendFileSync(`${path}.part`, torn); // written, and not noted before the kill
    sink = await open('jsonl');
    expect(sink.nextSeq).toBe(2n);
    expect(text()).toBe(whole);
    await sink.close();
  }
  sink = await open('jsonl');
  await sink.write([row(0), row(1), row(2)]);
  await sink.write([row(2), row(3)]);
  await sink.finish();
  expect(readFileSync(path, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { seq: string }).seq)).toEqual(['0', '1', '2', '3']);
});
