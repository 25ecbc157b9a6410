import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src-node/base/clock.ts';
import { CodedError } from '../../src-node/base/errors.ts';
import { silentLogger } from '../../src-node/base/logger.ts';
import type { ApiSocket } from './api-socket.ts';
import { HeadlessServer } from './server.ts';
import { COOKIE_NAME, Sessions } from './session.ts';

const folder = mkdtempSync(join(tmpdir(), 'upload-'));
const sessions = new Sessions({ clock: systemClock });
const targets = new Map<string, { readonly path: string; readonly bytes: number }>();
const files = {
  upload: (id: string) => {
    const target = targets.get(id);
    return target === undefined ? Promise.reject(new CodedError('UPLOAD_UNKNOWN', 'Not announced.')) : Promise.resolve(target);
  },
  opened: () => Promise.reject(new CodedError('ORDER_UNKNOWN', 'No orders here.')),
};
const server = new HeadlessServer({ host: '127.0.0.1', port: 0, page: folder }, { sessions, socket: { close: () => undefined } as unknown as ApiSocket, files, log: silentLogger });
let origin = '';
let cookie = '';

beforeAll(async () => {
  origin = await server.listen();
  cookie = `${COOKIE_NAME}=${sessions.redeem(sessions.issueCode()) ?? ''}`;
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function announce(id: string, bytes: number, path = join(folder, 'uploads', id)): string {
  targets.set(id, { path, bytes });
  return path;
}

const head = (id: string): Promise<Response> => fetch(`${origin}/files/${id}`, { method: 'HEAD', headers: { cookie } });
const put = (id: string, piece: string, first: number, total: number, more: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${origin}/files/${id}`, { method: 'PUT', body: piece, headers: { cookie, origin, 'content-range': `bytes ${first}-${first + piece.length - 1}/${total}`, ...more } });
const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: string }).code;

describe('the byte route', () => {
  it('takes a file in pieces and says how far it is, so that a page loaded again can go on', async () => {
    const path = announce('whole', 10);
    expect((await head('whole')).headers.get('upload-offset')).toBe('0');
    expect((await put('whole', 'abcd', 0, 10)).headers.get('upload-offset')).toBe('4');
    expect((await head('whole')).headers.get('upload-offset')).toBe('4');
    expect((await put('whole', 'efghij', 4, 10)).status).toBe(204);
    expect(await readFile(path, 'utf8')).toBe('abcdefghij');
  });

  it('keeps what arrived before a connection broke, and goes on from there', async () => {
    const path = announce('broken', 10);
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.write(`PUT /files/broken HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nOrigin: ${origin}\r\nCookie: ${cookie}\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n\r\nabc`);
    await expect.poll(async () => (await head('broken')).headers.get('upload-offset')).toBe('3');
    // The server may learn much later that a connection broke: the next piece ends it.
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    expect((await put('broken', 'defghij', 3, 10)).status).toBe(204);
    await ended;
    expect(await readFile(path, 'utf8')).toBe('abcdefghij');
  });

  it('names a full disk while the browser still listens', async () => {
    announce('full', 20_000_000, '/dev/full');
    const response = await put('full', 'x'.repeat(8_000_000), 0, 20_000_000);
    expect([response.status, await codeOf(response)]).toEqual([507, 'DISK_FULL']);
  });

  it('refuses pieces that do not continue, repeat, run over, or come in other sizes', async () => {
    announce('odd', 10);
    await put('odd', 'abcd', 0, 10);
    for (const [first, total] of [[0, 10], [5, 10], [4, 11]] as const) {
      const response = await put('odd', 'ef', first, total);
      expect([response.status, await codeOf(response)]).toEqual([409, 'UPLOAD_RANGE']);
    }
    expect(await codeOf(await put('odd', 'efghijk', 4, 10))).toBe('UPLOAD_RANGE');
    expect(await codeOf(await put('odd', 'ef', 4, 10, { 'content-range': 'bytes 4-4/10' }))).toBe('UPLOAD_RANGE');
    expect((await head('odd')).headers.get('upload-offset')).toBe('4');
  });

  it('knows only announced uploads, its own session and its own pages', async () => {
    announce('mine', 10);
    expect((await put('other', 'ab', 0, 10)).status).toBe(404);
    expect((await put('mine', 'ab', 0, 10, { cookie: `${COOKIE_NAME}=wrong` })).status).toBe(401);
    expect((await put('mine', 'ab', 0, 10, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await head('mine')).headers.get('upload-offset')).toBe('0');
  });
});
