import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Chain } from '../../chain/chain.ts';
import { network } from '../../networks/network.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { testBackend } from '../../testing/rpc-backend.ts';
import { readVector } from '../../testing/vectors.ts';
import { RpcServer } from '../rpc-server.ts';

vi.mock('node:fs/promises', { spy: true });

const folder = mkdtempSync(join(tmpdir(), 'ipc-'));
const ipcPath = join(folder, 'cpchain.ipc');
const ORIGIN = 'https://tools.example';
const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
let chain: Chain;
let rpc: RpcServer;

const start = (path: string): Promise<RpcServer> => RpcServer.start({ port: 0, ipcPath: path, origins: [ORIGIN] }, testBackend(chain));

beforeAll(async () => {
  chain = await testChain(network('dev'));
  await chain.importBlocks(blocks.slice(0, 3));
  writeFileSync(ipcPath, ''); // as a killed program leaves it
  rpc = await start(ipcPath);
});
afterAll(async () => {
  await rpc.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What comes in until as many lines are there, or the connection ends. */
async function lines(socket: Socket, count: number): Promise<unknown[]> {
  let text = '';
  for await (const data of socket as AsyncIterable<Buffer>) {
    text += data.toString('utf8');
    if (text.split('\n').length > count) break;
  }
  return text.trim().split('\n').map((line) => JSON.parse(line) as unknown);
}

const request = (id: number, method: string, params: readonly unknown[] = []): string => JSON.stringify({ jsonrpc: '2.0', id, method, params });

describe('JSON-RPC over a socket', () => {
  it('is for this user alone', () => {
    expect(rpc.ipcPath).toBe(ipcPath);
    expect(statSync(ipcPath).mode & 0o777).toBe(0o600);
  });

  it('is not there when it cannot be kept to this user', async () => {
    const path = join(folder, 'open.ipc');
    vi.mocked(chmod).mockRejectedValueOnce(new Error('EPERM: operation not permitted'));
    await expect(start(path)).rejects.toMatchObject({ code: 'IPC_FAILED' });
    await expect(once(connect(path), 'connect')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('answers values in a row, and one that comes byte by byte', async () => {
    const socket = connect(ipcPath);
    socket.write(request(1, 'eth_chainId') + request(2, 'eth_blockNumber'));
    for (const character of `\n ${request(3, 'net_version')}`) socket.write(character);
    expect(await lines(socket, 3)).toEqual([{ jsonrpc: '2.0', id: 1, result: '0x29' }, { jsonrpc: '2.0', id: 2, result: '0x2' }, { jsonrpc: '2.0', id: 3, result: '1' }]);
  });

  it('tells of new blocks', async () => {
    const socket = connect(ipcPath);
    socket.write(request(1, 'eth_subscribe', ['newHeads']));
    await once(socket, 'readable');
    await chain.importBlocks(blocks.slice(3, 5));
    const [subscribed, third, fourth] = (await lines(socket, 3)) as [{ result: string }, unknown, unknown];
    expect([third, fourth]).toMatchObject([3, 4].map((number) => ({ method: 'eth_subscription', params: { subscription: subscribed.result, result: { number: `0x${number}` } } })));
  });

  it('says what a method is replaced by that it does not have', async () => {
    const socket = connect(ipcPath);
    socket.write(request(1, 'eth_signTransaction', [{}]));
    expect(await lines(socket, 1)).toMatchObject([{ error: { code: -32601, message: expect.stringContaining('eth_sendRawTransaction') as string } }]);
  });

  it.each([['no JSON', 'hello'], ['a value without end', '['.repeat(200_000)]])('ends the connection of one that sends %s, and answers the others', async (_, text) => {
    const socket = connect(ipcPath);
    socket.write(text);
    expect(await lines(socket, 9)).toMatchObject([{ error: { code: -32600 } }]);
    const other = connect(ipcPath);
    other.write(request(1, 'eth_chainId'));
    expect(await lines(other, 1)).toMatchObject([{ result: '0x29' }]);
  });

  it('leaves another program its socket', async () => {
    await expect(start(ipcPath)).rejects.toMatchObject({ code: 'IPC_TAKEN' });
    const socket = connect(ipcPath);
    socket.write(request(1, 'eth_chainId'));
    expect(await lines(socket, 1)).toMatchObject([{ result: '0x29' }]);
  });
});

describe('a page of the web', () => {
  const ask = (origin: string, method = 'POST'): Promise<Response> => fetch(rpc.url, { method, headers: { 'content-type': 'application/json', origin }, ...(method === 'POST' ? { body: request(1, 'eth_chainId') } : {}) });

  it('may read the answer when it is on the list', async () => {
    expect((await ask(ORIGIN)).headers.get('access-control-allow-origin')).toBe(ORIGIN);
    const preflight = await ask(ORIGIN, 'OPTIONS');
    expect([preflight.headers.get('access-control-allow-origin'), preflight.headers.get('access-control-allow-headers')]).toEqual([ORIGIN, 'authorization, content-type']);
  });

  it.each(['https://evil.example', `${ORIGIN}.evil.example`, 'null'])('may not when it is not: %s', async (origin) => {
    expect((await ask(origin)).headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask(origin, 'OPTIONS')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
