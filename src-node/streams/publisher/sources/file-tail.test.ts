import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { millis, systemClock } from '../../../base/clock.ts';
import { systemFiles } from '../../../base/files.ts';
import { silentLogger } from '../../../base/logger.ts';
import { Spool } from '../spool.ts';
import { FileTail } from './file-tail.ts';

let folder: string;
let path: string;
let refused: string[];
let spool: Spool;
let stop: AbortController;
let running: Promise<void>;

const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }, { name: 'note', type: 'text', unit: '' }] } as const;

async function start(format: 'csv' | 'jsonl'): Promise<void> {
  spool = await Spool.open({ folder: join(folder, 'spool'), schema, maxBytes: 1e8, fileBytes: 1e6 }, { files: systemFiles, log: silentLogger });
  stop = new AbortController();
  running = new FileTail({ path, format, pollMillis: millis(5) }, { sink: spool, clock: systemClock, log: silentLogger, onRefused: ({ message }) => refused.push(message) }).run(stop.signal);
}

/** As a kill leaves it: whatever was not on disk is forgotten. */
async function end(): Promise<void> {
  stop.abort();
  await running;
  await spool.close();
}

async function rows(): Promise<string[]> {
  return (await spool.read(0, 1e9)).map(({ body }) => {
    const { n, note } = JSON.parse(Buffer.from(body).toString()) as { n: number; note: string };
    return `${n}${note}`;
  });
}

const line = (n: number, note = ''): string => `${JSON.stringify({ n, note })}\n`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tail-'));
  path = join(folder, 'rows.log');
  refused = [];
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true, force: true });
});

it('waits for the file, for the end of a line, and goes on after a restart with the next row', async () => {
  await start('jsonl');
  appendFileSync(path, `${line(1)}${line(2)}{"n":3,`);
  await expect.poll(rows).toEqual(['1', '2']);
  appendFileSync(path, '"note":"x"}\n');
  await expect.poll(rows).toEqual(['1', '2', '3x']);
  await end();
  appendFileSync(path, line(4));
  await start('jsonl');
  await expect.poll(rows).toEqual(['1', '2', '3x', '4']);
});

it('reads a renamed file to its end, also when it was renamed while nobody read', async () => {
  await start('jsonl');
  appendFileSync(path, line(1));
  await expect.poll(rows).toEqual(['1']);
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, line(2));
  appendFileSync(path, line(3));
  await expect.poll(rows).toEqual(['1', '2', '3']);
  await end();
  appendFileSync(path, line(4));
  renameSync(path, `${path}.2`);
  writeFileSync(path, line(5));
  await start('jsonl');
  await expect.poll(rows).toEqual(['1', '2', '3', '4', '5']);
});

it('reads from the beginning what was cut short, also when it has grown past the old end again', async () => {
  await start('jsonl');
  appendFileSync(path, `${line(1)}${line(2)}`);
  await expect.poll(rows).toEqual(['1', '2']);
  truncateSync(path, 0);
  appendFileSync(path, line(3));
  await expect.poll(rows).toEqual(['1', '2', '3']);
  await end();
  writeFileSync(path, `${line(4)}${line(5)}${line(6)}`);
  await start('jsonl');
  await expect.poll(rows).toEqual(['1', '2', '3', '4', '5', '6']);
});

it('names the line that does not fit and goes on behind it', async () => {
  await start('jsonl');
  appendFileSync(path, `${line(1)}{"n":"two","note":""}\nno json\n${line(4)}`);
  await expect.poll(rows).toEqual(['1', '4']);
  expect(refused).toEqual(['Field "n" of row 2 cannot be taken: it is not a whole number.', 'Row 3 cannot be taken: it is not JSON.']);
});

it('reads separated text by its header, after a restart too, and a quoted field over two lines', async () => {
  await start('csv');
  appendFileSync(path, 'note,n\r\n"a, b",1\r\n"two');
  await expect.poll(rows).toEqual(['1a, b']);
  appendFileSync(path, '\nlines",2\n');
  await expect.poll(rows).toEqual(['1a, b', '2two\nlines']);
  await end();
  appendFileSync(path, 'c,3\n');
  await start('csv');
  await expect.poll(rows).toEqual(['1a, b', '2two\nlines', '3c']);
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'n,note\n4,d\n');
  await expect.poll(rows).toEqual(['1a, b', '2two\nlines', '3c', '4d']);
});

it('takes many rows in pieces, all of them once', async () => {
  await start('jsonl');
  writeFileSync(path, Array.from({ length: 20_000 }, (_, n) => line(n, 'x'.repeat(20))).join(''));
  await expect.poll(() => spool.next, { timeout: 10_000 }).toBe(20_000);
  expect((await rows()).map((row) => parseInt(row, 10))).toEqual(Array.from({ length: 20_000 }, (_, n) => n));
});
