import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../src-node/api/contract/index.ts';
import { openNodeLog } from '../../src-node/node-log.ts';
import { startNode, type RunningNode } from '../../src-node/node.ts';
import { ApiSocket } from './api-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'api-socket-'));
const http: Server = createServer();
let node: RunningNode;
let socket: ApiSocket;

beforeAll(async () => {
  node = await startNode({ dataDir: folder, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 1 }, { log: openNodeLog(folder, 'debug') });
  socket = new ApiSocket({ connect: (port) => node.connect(port) });
  http.on('upgrade', (request, stream, head: Buffer) => socket.accept(request, stream, head));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  socket.close();
  http.close();
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<WebSocket> {
  const websocket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/api`);
  await new Promise((resolve, reject) => {
    websocket.once('open', resolve);
    websocket.once('error', reject);
  });
  return websocket;
}

/** The same window, asking something sensible. */
async function expectAnswer(websocket: WebSocket): Promise<void> {
  const api: ApiClient = createORPCClient(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));
  expect(await api.app.status()).toMatchObject({ wallet: 'none' });
}

const call = (path: string, input: unknown): string => JSON.stringify({ i: '1', p: { u: `orpc://localhost${path}`, b: { json: input } } });

describe('a message of the window', () => {
  it.each<[what: string, message: string | Uint8Array]>([
    ['not JSON', 'hello'], ['empty', ''], ['null', 'null'], ['a number', '7'], ['a list', '[]'], ['an object of no form', '{"a":1}'], ['half of one', '{"i":"1","p":'], ['without an address', '{"i":"1","p":{}}'],
    ['very deep', '['.repeat(200_000)], ['very deep and closed', `${'['.repeat(100_000)}${']'.repeat(100_000)}`], ['bytes of no meaning', Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff)],
  ])('that is %s ends its connection, and no other', async (_, message) => {
    const [websocket, other] = [await open(), await open()];
    const closed = new Promise((resolve) => websocket.once('close', resolve));
    websocket.send(message);
    await closed;
    await expectAnswer(other);
    other.close();
  });

  it.each<[what: string, message: string]>([
    ['an unknown procedure', call('/app/format', {})], ['a property of every object', call('/__proto__/constructor', {})], ['input of another type', call('/wallet/unlock', { password: 7 })], ['no input', call('/wallet/unlock', null)],
    ['a number beyond all', call('/market/search', { text: '', sort: 'newest', offset: 1e308, limit: -1 })], ['text of a megabyte', call('/wallet/unlock', { password: 'x'.repeat(1_000_000) })],
  ])('that asks for %s is refused, and the next is answered', async (_, message) => {
    const websocket = await open();
    const answer = new Promise<string>((resolve) => websocket.once('message', (data: Buffer) => resolve(data.toString('utf8'))));
    websocket.send(message);
    expect((JSON.parse(await answer) as { p: { s: number } }).p.s).toBeGreaterThanOrEqual(400);
    await expectAnswer(websocket);
    websocket.close();
  });

  it('that is larger than any may be ends its connection by name, and no other', async () => {
    const [websocket, other] = [await open(), await open()];
    const closed = new Promise<number>((resolve) => websocket.once('close', resolve));
    websocket.on('error', () => undefined);
    websocket.send('x'.repeat(1024 * 1024 + 1));
    expect(await closed).toBe(1009);
    await expectAnswer(other);
    other.close();
  });

  it('of a refused kind is answered with a code, in words', async () => {
    const websocket = await open();
    const api: ApiClient = createORPCClient(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket }));
    await expect(api.wallet.unlock({ password: 'x'.repeat(5000) })).rejects.toMatchObject({ code: expect.any(String) as string });
    await expect(api.wallet.unlock({ password: 'some password' })).rejects.toMatchObject({ data: { code: 'NO_WALLET', message: expect.any(String) as string, help: expect.any(String) as string } });
    websocket.close();
  });
});

it('more windows than there may be are refused, and one that closes makes room', async () => {
  const windows = await Promise.all(Array.from({ length: 32 }, open));
  await expect(open()).rejects.toThrow('503');
  windows[0]?.close();
  await expect.poll(() => open().then((one) => one.close(), () => 'refused')).toBeUndefined();
  for (const one of windows) one.close();
});
