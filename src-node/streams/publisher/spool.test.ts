import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { millis } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import type { IncomingRow } from './source.ts';
import { Spool } from './spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
const open = (options: { maxBytes?: number; fileBytes?: number } = {}): Promise<Spool> => Spool.open({ folder, schema, maxBytes: 1_000_000, fileBytes: 1000, ...options }, { files: systemFiles, log: silentLogger });
const row = (n: number): IncomingRow => ({ row: { n }, token: `t${n}`, timeMillis: millis(n) });
const read = async (spool: Spool, from = 0): Promise<number[]> => (await spool.read(from, 1e9)).map(({ body }) => (JSON.parse(Buffer.from(body).toString()) as { n: number }).n);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

it('keeps every accepted row in its order over restarts and many files', async () => {
  let spool = await open();
  for (let n = 0; n < 100; n += 5) await spool.accept('a', range(n, n + 5).map(row));
  await Promise.all(range(100, 120).map((n) => spool.accept('b', [row(n)])));
  expect(readdirSync(folder).length).toBeGreaterThan(2);
  await spool.close();
  spool = await open();
  expect(spool.next).toBe(120);
  expect(await read(spool)).toEqual(range(0, 120));
  expect(await read(spool, 77)).toEqual(range(77, 120));
  expect((await spool.read(10, 100)).map(({ number }) => number)).toEqual([10, 11, 12]);
  expect((await spool.read(10, 1)).map(({ number, timeMillis }) => [number, timeMillis])).toEqual([[10, 10]]);
  await spool.close();
});

it('knows the last tokens of each source when the files that held them are gone', async () => {
  let spool = await open();
  await spool.accept('quiet', [row(7000)]);
  for (let n = 0; n < 300; n += 3) await spool.accept('busy', range(n, n + 3).map(row));
  await spool.dropBefore(spool.next);
  expect(readdirSync(folder)).toHaveLength(1);
  await spool.close();
  spool = await open();
  expect(spool.recent('quiet')).toEqual(['t7000']);
  expect(spool.recent('busy').slice(-200)).toEqual(range(100, 300).map((n) => `t${n}`));
  expect(spool.next).toBe(301);
  await spool.close();
});

it('forgets an entry whose write was broken off, and writes on behind the last whole one', async () => {
  let spool = await open();
  await spool.accept('a', [row(1), row(2)]);
  await spool.close();
  const path = join(folder, readdirSync(folder)[0]!);
  const whole = readFileSync(path);
  for (let cut = 1; cut < 28; cut++) {
    writeFileSync(path, whole.subarray(0, whole.length - cut));
    spool = await open();
    expect(await read(spool)).toEqual([1]);
    await spool.accept('a', [row(3)]);
    await spool.close();
    spool = await open();
    expect(await read(spool)).toEqual([1, 3]);
    await spool.close();
  }
  writeFileSync(path, whole);
  appendFileSync(path, Buffer.alloc(100));
  spool = await open();
  expect(await read(spool)).toEqual([1, 2]);
  await spool.close();
});

it('leaves out a damaged entry and keeps those around it', async () => {
  let spool = await open();
  await spool.accept('a', range(0, 5).map(row));
  await spool.close();
  const path = join(folder, readdirSync(folder)[0]!);
  const bytes = readFileSync(path);
  bytes[bytes.lastIndexOf('{"n":2}') + 5] = 0x39;
  writeFileSync(path, bytes);
  spool = await open();
  expect(await read(spool)).toEqual([0, 1, 3, 4]);
  await spool.close();
});

it('refuses rows above its bound and says when there is room again', async () => {
  const spool = await open({ maxBytes: 1500 });
  let taken = 0;
  await expect((async () => {
    for (;;) await spool.accept('a', [row(taken++)]);
  })()).rejects.toMatchObject({ code: 'SPOOL_FULL' });
  const room = spool.room(new AbortController().signal).then(() => 'room');
  expect(await Promise.race([room, new Promise((resolve) => setTimeout(resolve, 20, 'none'))])).toBe('none');
  await spool.dropBefore(spool.next);
  expect(await room).toBe('room');
  await spool.accept('a', [row(9)]);
  await spool.close();
});
