import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, millis } from '../../src-node/base/clock.ts';
import { CodedError } from '../../src-node/base/errors.ts';
import { silentLogger } from '../../src-node/base/logger.ts';
import { ApiSocket } from './api-socket.ts';
import { HeadlessServer } from './server.ts';
import { Sessions } from './session.ts';

const BYTES = 100;
const bytes = (count: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length: count }, (_, i) => i);
let folder: string;
let clock: ManualClock;
let sessions: Sessions;
let server: HeadlessServer;
let url: string;
let cookie: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headless-'));
  mkdirSync(join(folder, 'page'));
  mkdirSync(join(folder, 'order'));
  mkdirSync(join(folder, 'page', 'assets'));
  writeFileSync(join(folder, 'page', 'index.html'), '<title>page</title>');
  writeFileSync(join(folder, 'page', 'assets', 'window-1a2b.js'), 'start()');
  writeFileSync(join(folder, 'order', 'bought.csv'), 'a,b\n1,2\n');
  writeFileSync(join(folder, 'secret'), 'not for anybody');
  clock = new ManualClock(millis(1_000_000));
  sessions = new Sessions({ clock });
  const files = {
    upload: (id: string) => (id === 'known' ? Promise.resolve({ path: join(folder, 'uploads', id), bytes: BYTES }) : Promise.reject(new CodedError('UPLOAD_UNKNOWN', 'not announced'))),
    opened: (id: string) => (id === 'order' ? Promise.resolve({ folder: join(folder, 'order'), files: [{ path: 'bought.csv', bytes: 8 }] }) : Promise.reject(new CodedError('ORDER_UNKNOWN', 'no such order'))),
  };
  server = new HeadlessServer({ host: '127.0.0.1', port: 0, page: join(folder, 'page') }, { sessions, socket: new ApiSocket({ connect: (port) => port.close() }), files, log: silentLogger });
  url = await server.listen();
  cookie = (await openSession(sessions.issueCode())).headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const openSession = (code: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => fetch(`${url}/session`, { method: 'POST', body: JSON.stringify({ code }), headers: { origin: url, ...headers } });
const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => fetch(`${url}${path}`, { headers: { cookie, ...headers } });
const head = async (): Promise<number> => Number((await fetch(`${url}/files/known`, { method: 'HEAD', headers: { cookie } })).headers.get('upload-offset'));
const put = (first: number, last: number, body: Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${url}/files/known`, { method: 'PUT', body, headers: { cookie, origin: url, 'content-range': `bytes ${first}-${last}/${BYTES}`, ...headers } });

/** A request with a path and headers that fetch would tidy up. */
function raw(path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (data: Buffer) => (body += data.toString('utf8')));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

/** After whatever was tried, the door still opens for its owner. */
async function expectAlive(): Promise<void> {
  const file = await get('/files/order?path=bought.csv');
  expect([file.status, await file.text()]).toEqual([200, 'a,b\n1,2\n']);
}

describe('the one-time code', () => {
  it('is refused when it is wrong, used, replaced, old, or no code at all', async () => {
    expect((await openSession('wrong')).status).toBe(401);
    const used = sessions.issueCode();
    expect((await openSession(used)).status).toBe(204);
    expect((await openSession(used)).status).toBe(401);
    const replaced = sessions.issueCode();
    const current = sessions.issueCode();
    expect((await openSession(replaced)).status).toBe(401);
    clock.advance(millis(2 * 60_000));
    expect((await openSession(current)).status).toBe(401);
    for (const body of ['', '[]', '{"code":7}', '{', 'null']) expect((await fetch(`${url}/session`, { method: 'POST', body, headers: { origin: url } })).status).toBe(401);
    expect((await fetch(`${url}/session`, { method: 'POST', body: 'x'.repeat(5000), headers: { origin: url } })).status).toBe(400);
    expect((await openSession(sessions.issueCode())).status).toBe(204);
    await expectAlive();
  });

  it('is not exchanged for another site', async () => {
    const code = sessions.issueCode();
    for (const origin of ['https://evil.example', 'null', url.replace('http:', 'https:'), 'http://127.0.0.1:1']) expect((await openSession(code, { origin })).status).toBe(403);
    expect((await fetch(`${url}/session`)).status).toBe(403);
    expect((await openSession(code)).status).toBe(204);
  });
});

describe('a request', () => {
  it('under a foreign host name is refused, whatever it asks', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1:1', '[::1]']) {
      for (const path of ['/', '/files/order', '/session']) expect(await raw(path, { host, cookie })).toEqual({ status: 403, body: '' });
    }
    await expectAlive();
  });

  it('without this session reaches neither files nor the socket', async () => {
    const foreign = ['', 'cpchain-session=', 'cpchain-session=AAAA', `${cookie}x`, `other=${cookie.split('=')[1] ?? ''}`];
    for (const wrong of foreign) {
      expect((await fetch(`${url}/files/order`, { headers: { cookie: wrong } })).status).toBe(401);
      expect((await put(0, 9, bytes(10), { cookie: wrong })).status).toBe(401);
      expect(await upgrade({ cookie: wrong, origin: url })).toContain('403');
    }
    expect(await upgrade({ cookie, origin: 'https://evil.example' })).toContain('403');
    expect(await upgrade({ cookie })).toContain('403');
    expect(await upgrade({ cookie, origin: url, host: 'evil.example' })).toContain('403');
    expect(await upgrade({ cookie, origin: url })).toContain('101');
    await expectAlive();
  });

  it.each(['/files/..%2f..%2fsecret', '/files/order%2f..%2f..%2fsecret', '/files/../secret', '/files/order?path=../secret', '/files/order?path=..%2Fsecret', '/files/order?path=%2Fetc%2Fpasswd', '/files/order?path=bought.csv%00', '/files/', '/..%2fsecret', '/%2e%2e/secret'])(
    'for %s gets nothing from outside', async (path) => {
      const { status, body } = await raw(path, { host: new URL(url).host, cookie });
      expect(body).not.toContain('not for anybody');
      // The page answers every address of its own; a file is refused by name.
      if (path.startsWith('/files/') && !path.includes('/../')) expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([404, expect.stringMatching(/^(?:ORDER|FILE)_UNKNOWN$/)]);
      await expectAlive();
    },
  );

  it('that is not even one is answered, and the next is served', async () => {
    expect((await get('/files/%')).status).toBe(400);
    expect((await fetch(url, { method: 'DELETE', headers: { cookie } })).status).toBe(405);
    await expectAlive();
  });
});

describe('the page', () => {
  it('is asked for anew, its built files are kept', async () => {
    const kept = async (path: string): Promise<string | null> => (await get(path)).headers.get('cache-control');
    expect(await kept('/')).toBe('no-cache');
    expect(await kept('/wallet')).toBe('no-cache');
    expect(await kept('/assets/window-1a2b.js')).toBe('public, max-age=31536000, immutable');
    const missing = await get('/assets/window-old.js');
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, null]);
  });
});

describe('an upload', () => {
  it('that is cut in the middle keeps what came, and goes on from there', async () => {
    await cutPut(0, BYTES - 1, bytes(40));
    await expect.poll(head).toBe(40);
    expect((await put(40, BYTES - 1, bytes(BYTES).slice(40))).status).toBe(204);
    expect(new Uint8Array(readFileSync(join(folder, 'uploads', 'known')))).toEqual(bytes(BYTES));
  });

  it('takes only the piece that continues it, and never more than was announced', async () => {
    expect((await put(0, 9, bytes(10))).status).toBe(204);
    const ranges: readonly (readonly [first: number, last: number])[] = [[0, 9], [20, 29], [10, 9], [10, BYTES], [9, 20]];
    for (const [first, last] of ranges) {
      const refused = await put(first, last, bytes(5));
      expect([refused.status, ((await refused.json()) as { code: string; meta: object }).code]).toEqual([409, 'UPLOAD_RANGE']);
    }
    for (const range of ['', 'bytes 10-19/99', 'bytes 10-19/*', 'bytes=10-19/100', 'bytes 10-19/100, 20-29/100']) expect((await put(10, 19, bytes(10), { 'content-range': range })).status).toBe(409);
    await put(10, 19, bytes(30)).catch(() => undefined); // the connection may be cut before the answer
    expect(await head()).toBeLessThanOrEqual(20);
    expect(statSync(join(folder, 'uploads', 'known')).size).toBeLessThanOrEqual(20);
    const offset = await head();
    expect((await put(offset, BYTES - 1, bytes(BYTES).slice(offset))).status).toBe(204);
  });

  it('that is tried again while the broken try still hangs there ends it and stays right', async () => {
    const hanging = startPut(0, BYTES - 1);
    await hanging.begun;
    expect((await put(0, BYTES - 1, bytes(BYTES))).status).toBe(204);
    await hanging.ended;
    expect(new Uint8Array(readFileSync(join(folder, 'uploads', 'known')))).toEqual(bytes(BYTES));
  });

  it('that nobody announced, or of another site, is refused', async () => {
    expect((await fetch(`${url}/files/other`, { method: 'PUT', body: bytes(1), headers: { cookie, origin: url } })).status).toBe(404);
    expect((await put(0, 9, bytes(10), { origin: 'https://evil.example' })).status).toBe(403);
    expect(await head()).toBe(0);
  });

  it('that the disk does not take says why', async () => {
    mkdirSync(join(folder, 'uploads', 'known'), { recursive: true }); // a folder stands where the file should be
    const refused = await put(0, 9, bytes(10));
    expect(refused.ok).toBe(false);
    expect(await refused.json()).toMatchObject({ code: expect.stringMatching(/^(?:FILE_ERROR|UPLOAD_RANGE)$/) as string });
    await expectAlive();
  });
});

/** Sends part of what it promises, then drops the connection. */
function cutPut(first: number, last: number, part: Uint8Array): Promise<void> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`PUT /files/known HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nOrigin: ${url}\r\nContent-Range: bytes ${first}-${last}/${BYTES}\r\nContent-Length: ${last - first + 1}\r\n\r\n`);
      socket.write(part, () => setTimeout(() => socket.destroy(), 50));
    });
    socket.on('close', () => resolve());
  });
}

/** A piece whose bytes never come; `ended` when the server cuts it off. */
function startPut(first: number, last: number): { readonly begun: Promise<void>; readonly ended: Promise<void> } {
  const { hostname, port } = new URL(url);
  const request = httpRequest({ hostname, port, path: '/files/known', method: 'PUT', headers: { cookie, origin: url, 'content-range': `bytes ${first}-${last}/${BYTES}`, 'content-length': last - first + 1 } });
  request.flushHeaders();
  return { begun: new Promise((resolve) => setTimeout(resolve, 200)), ended: new Promise((resolve) => request.once('error', () => resolve())) };
}

/** The first line that an upgrade to the socket is answered with. */
function upgrade(headers: Readonly<Record<string, string>>): Promise<string> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      const all = { Host: headers['host'] ?? host, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...headers };
      socket.write(`GET /api HTTP/1.1\r\n${Object.entries(all).filter(([name]) => name !== 'host').map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`);
    });
    socket.once('data', (data: Buffer) => {
      resolve(data.toString('utf8').split('\r\n')[0] ?? '');
      socket.destroy();
    });
  });
}
