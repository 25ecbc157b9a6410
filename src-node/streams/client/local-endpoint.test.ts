import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { millis, systemClock } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import { LocalEndpoint, RowWindow } from './local-endpoint.ts';
import type { StreamRow } from './row.ts';
import { TOKEN_VARIABLE, snippetsOf } from './snippets.ts';

const TOKEN = 'a-token-of-thirty-two-letters-or-more';
const streamId = new Uint8Array(32).fill(0x5d);
let endpoint: LocalEndpoint;
let window: RowWindow;
beforeEach(async () => {
  window = new RowWindow({ maxRows: 100 });
  endpoint = await LocalEndpoint.start({ port: 0, token: TOKEN }, { rows: (id) => (toHex(id) === toHex(streamId) ? window : null), clock: systemClock, log: silentLogger });
});
afterEach(() => endpoint.close());

function add(seq: number): void {
  const record = { seq: BigInt(seq), timeMillis: millis(1000 * seq), epoch: 4, generation: 1, contentType: 'json', schemaVersion: 1, body: new Uint8Array(0) } as const;
  window.add({ seq: record.seq, timeMillis: record.timeMillis, epoch: 4, generation: 1, row: { speed: seq / 2, road: `A${seq}` }, record } satisfies StreamRow);
}

interface Answer {
  readonly rows: readonly { readonly seq: string; readonly time: string; readonly row: unknown }[];
  readonly next: string;
}
const path = `/v1/streams/${toHex(streamId)}/rows`;
async function get(query: string, token = TOKEN, at = path): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`http://127.0.0.1:${endpoint.port}${at}?${query}`, { headers: { Authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as Answer };
}

it('gives rows from a cursor on, and waits for more when asked to', async () => {
  for (let seq = 5; seq < 10; seq++) add(seq);
  expect((await get('cursor=earliest&max=2')).body).toEqual({ rows: [{ seq: '5', time: '1970-01-01T00:00:05.000Z', row: { speed: 2.5, road: 'A5' } }, { seq: '6', time: '1970-01-01T00:00:06.000Z', row: { speed: 3, road: 'A6' } }], next: '7' });
  expect((await get('cursor=7')).body.rows.map(({ seq }) => seq)).toEqual(['7', '8', '9']);
  expect((await get('cursor=live')).body).toEqual({ rows: [], next: '10' });
  const waiting = get('cursor=10&waitMs=5000');
  setTimeout(() => add(10), 50);
  expect((await waiting).body.rows.map(({ seq }) => seq)).toEqual(['10']);
  expect((await get('cursor=11&waitMs=20')).body).toEqual({ rows: [], next: '11' });
});

it('answers what is no address', async () => {
  const status = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: endpoint.port, path: '//', headers: { authorization: `Bearer ${TOKEN}` }, signal: AbortSignal.timeout(1000) }, (answer) => resolve(answer.statusCode)).on('error', reject).end();
  });
  expect(status).toBe(404);
});

it('keeps a bounded number of rows', async () => {
  for (let seq = 0; seq < 1000; seq++) add(seq);
  const { rows } = (await get('cursor=0&max=1000')).body;
  expect(rows.length).toBeLessThanOrEqual(200);
  expect(rows.at(-1)?.seq).toBe('999');
});

it('refuses who has no token, other streams and what is no cursor', async () => {
  expect(await get('cursor=earliest', 'wrong')).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHORISED' } } });
  expect((await get(`token=${TOKEN}`, '')).status).toBe(401);
  expect(await get('', TOKEN, `/v1/streams/${'00'.repeat(32)}/rows`)).toMatchObject({ status: 404, body: { error: { code: 'NO_STREAM' } } });
  expect(await get('', TOKEN, '/v1/keys')).toMatchObject({ status: 404, body: { error: { code: 'NO_SUCH_PATH' } } });
  expect(await get('cursor=x')).toMatchObject({ status: 400, body: { error: { code: 'BAD_CURSOR' } } });
});

it('sends a message for each row over a WebSocket', async () => {
  add(0);
  const websocket = new WebSocket(`ws://127.0.0.1:${endpoint.port}${path}?cursor=earliest`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  const seen: string[] = [];
  websocket.on('message', (data: Buffer) => seen.push((JSON.parse(data.toString('utf8')) as { seq: string }).seq));
  await expect.poll(() => seen).toEqual(['0']);
  for (let seq = 1; seq < 150; seq++) add(seq);
  await expect.poll(() => seen.length).toBe(150);
  websocket.close();
});

describe('a snippet works as it is pasted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snippet-'));
  const env = { ...process.env, [TOKEN_VARIABLE]: TOKEN };
  const expected = ['5 1970-01-01T00:00:05.000Z', '6 1970-01-01T00:00:06.000Z'];

  /** Runs it until it has printed two rows. */
  async function linesOf(command: string, args: readonly string[]): Promise<readonly string[]> {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString('utf8')));
    const exit = new Promise((resolve) => child.once('exit', resolve));
    await expect.poll(() => output.split('\n').length, { timeout: 10_000 }).toBeGreaterThan(2);
    child.kill();
    await exit;
    return output.trim().split('\n');
  }
  const has = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

  it.skipIf(!has('curl'))('curl', async () => {
    for (const seq of [5, 6]) add(seq);
    const [line = ''] = await linesOf('sh', ['-c', `${snippetsOf({ streamId, port: endpoint.port }).curl}echo\necho`]);
    expect((JSON.parse(line) as Answer).rows.map(({ seq, time }) => `${seq} ${time}`)).toEqual(expected);
  });

  it('JavaScript', async () => {
    for (const seq of [5, 6]) add(seq);
    writeFileSync(join(folder, 'stream.mjs'), snippetsOf({ streamId, port: endpoint.port }).javascript);
    expect(await linesOf(process.execPath, [join(folder, 'stream.mjs')])).toEqual([`${expected[0] ?? ''} {"speed":2.5,"road":"A5"}`, `${expected[1] ?? ''} {"speed":3,"road":"A6"}`]);
  });

  it.skipIf(!has('python3'))('Python', async () => {
    for (const seq of [5, 6]) add(seq);
    writeFileSync(join(folder, 'stream.py'), snippetsOf({ streamId, port: endpoint.port }).python);
    expect(await linesOf('python3', [join(folder, 'stream.py')])).toEqual([`${expected[0] ?? ''} {"speed": 2.5, "road": "A5"}`, `${expected[1] ?? ''} {"speed": 3, "road": "A6"}`]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('none of them holds the token', () => {
    expect(JSON.stringify(snippetsOf({ streamId, port: endpoint.port }))).not.toContain(TOKEN);
  });
});
