import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../base/clock.ts';
import { systemFiles } from '../../../base/files.ts';
import { silentLogger } from '../../../base/logger.ts';
import { Spool } from '../spool.ts';
import { LocalSource } from './local-source.ts';

const TOKEN = 'a-token-of-thirty-two-letters-or-more';
const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
let folder: string;
let spool: Spool;
let source: LocalSource;
let refused: string[] = [];

async function start(maxBytes = 1e8): Promise<void> {
  spool = await Spool.open({ folder, schema, maxBytes, fileBytes: 500 }, { files: systemFiles, log: silentLogger });
  source = await LocalSource.start({ port: 0, token: TOKEN }, { sink: spool, clock: systemClock, log: silentLogger, onRefused: ({ message }) => refused.push(message) });
}
async function end(): Promise<void> {
  await source.close();
  await spool.close();
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-'));
  refused = [];
  await start();
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true, force: true });
});

const rows = async (): Promise<number[]> => (await spool.read(0, 1e9)).map(({ body }) => (JSON.parse(Buffer.from(body).toString()) as { n: number }).n);

async function post(body: string, headers: Record<string, string> = {}, path = '/v1/rows'): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${source.port}${path}`, { method: 'POST', body, headers: { Authorization: `Bearer ${TOKEN}`, ...headers } });
  return { status: response.status, body: await response.json() };
}

async function connect(token = TOKEN, path = '/v1/rows'): Promise<WebSocket> {
  const websocket = new WebSocket(`ws://127.0.0.1:${source.port}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  await new Promise((resolve, reject) => {
    websocket.once('open', resolve);
    websocket.once('error', reject);
  });
  return websocket;
}

it('takes JSON, lines and separated text, and has them on disk when it answers', async () => {
  expect(await post('{"n":1}')).toEqual({ status: 200, body: { accepted: 1 } });
  expect(await post('[{"n":2},{"n":3}]')).toEqual({ status: 200, body: { accepted: 2 } });
  expect(await post('{"n":4}\n{"n":5}\n', { 'Content-Type': 'application/x-ndjson' })).toEqual({ status: 200, body: { accepted: 2 } });
  expect(await post('n\r\n6\r\n7\r\n', { 'Content-Type': 'text/csv; charset=utf-8' })).toEqual({ status: 200, body: { accepted: 2 } });
  await end();
  await start();
  expect(await rows()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('takes nothing of a request with one wrong row, and names field and row', async () => {
  expect(await post('[{"n":1},{"n":"x"}]')).toMatchObject({ status: 400, body: { error: { code: 'BAD_ROW', meta: { row: 2, field: 'n' } } } });
  expect(await post('n\n"1', { 'Content-Type': 'text/csv' })).toMatchObject({ status: 400, body: { error: { code: 'BAD_ROW' } } });
  expect(refused).toEqual(['Field "n" of row 2 cannot be taken: it is not a whole number.', 'Row 1 cannot be taken: a quoted field is not closed.']);
  expect(await rows()).toEqual([]);
});

it('takes a request that comes again under its key once, also at the same time and after a restart', async () => {
  const key = { 'Idempotency-Key': 'one' };
  const both = await Promise.all([post('[{"n":1},{"n":2}]', key), post('[{"n":1},{"n":2}]', key)]);
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  await end();
  await start();
  expect(await post('[{"n":1},{"n":2}]', key)).toEqual({ status: 200, body: { accepted: 2 } });
  expect(await rows()).toEqual([1, 2]);
});

it('refuses who has no token, other paths and bodies beyond all', async () => {
  expect((await post('{"n":1}', { Authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await post('{"n":1}', { Authorization: '' })).status).toBe(401);
  expect((await post('{"n":1}', {}, `/v1/rows?token=${TOKEN}`)).status).toBe(200); // what stands in an address has no say
  expect((await post('{"n":1}', { Authorization: '' }, `/v1/rows?token=${TOKEN}`)).status).toBe(401);
  expect((await post('{"n":1}', {}, '/')).status).toBe(404);
  expect((await post(`{"n":1${' '.repeat(1_100_000)}}`)).status).toBe(413);
  await expect(connect('wrong')).rejects.toThrow('401');
  expect(await rows()).toEqual([1]);
});

it('answers each message of a socket in its order, and a wrong one by what is wrong', async () => {
  const websocket = await connect();
  const answers: unknown[] = [];
  websocket.on('message', (data: Buffer) => answers.push(JSON.parse(data.toString()) as unknown));
  for (let n = 0; n < 100; n++) websocket.send(n === 50 ? '{"m":50}' : `{"n":${n}}`);
  await expect.poll(() => answers.length).toBe(100);
  expect(answers[49]).toEqual({ accepted: 1 });
  expect(answers[50]).toMatchObject({ error: { code: 'BAD_ROW', meta: { field: 'n', row: 1 } } });
  expect(await rows()).toEqual(Array.from({ length: 100 }, (_, n) => n).filter((n) => n !== 50));
  websocket.close();
});

it('refuses a request while the spool is full, and lets a socket wait', async () => {
  await end();
  await start(1500);
  let n = 0;
  while ((await post(`{"n":${n}}`)).status === 200) n += 1;
  expect(await post(`{"n":${n}}`)).toMatchObject({ status: 503, body: { error: { code: 'SPOOL_FULL' } } });
  const websocket = await connect();
  const answers: unknown[] = [];
  websocket.on('message', (data: Buffer) => answers.push(JSON.parse(data.toString()) as unknown));
  websocket.send('{"n":-1}');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answers).toEqual([]);
  await spool.dropBefore(spool.next);
  await expect.poll(() => answers).toEqual([{ accepted: 1 }]);
  websocket.close();
});
