import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes.ts';
import { systemFiles } from '../../base/files.ts';
import { network } from '../../networks/network.ts';
import { testChain } from '../../testing/chains.ts';
import { testBackend } from '../../testing/rpc-backend.ts';
import type { Asker } from '../../wallet/program-request.ts';
import { AccessToken } from '../access/access-token.ts';
import { RpcServer } from '../rpc-server.ts';

const OWN = fromHex('11'.repeat(20));
const folder = mkdtempSync(join(tmpdir(), 'asking-'));
const question = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_sign', params: [`0x${'11'.repeat(20)}`, '0x68656c6c6f'] });
let rpc: RpcServer;
let authorization: string;
let asked: (asker: Asker) => void;

beforeAll(async () => {
  const wait = (_: unknown, asker: Asker): Promise<never> => {
    asked(asker);
    return new Promise(() => undefined); // nobody answers
  };
  const wallet = { addresses: () => Promise.resolve([OWN]), isUnlocked: () => Promise.resolve(true), lock: () => Promise.resolve(), askTransaction: wait, askSignature: wait };
  const token = await AccessToken.open(join(folder, 'rpc-token'), systemFiles);
  authorization = `Bearer ${readFileSync(token.path, 'utf8').trim()}`;
  rpc = await RpcServer.start({ port: 0, ipcPath: join(folder, 'cpchain.ipc'), token }, { ...testBackend(await testChain(network('dev'))), wallet });
});
afterAll(async () => {
  await rpc.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each asks a question that nobody answers, and gives what hangs up. */
const programs = {
  http: () => {
    const sent = request(rpc.url, { method: 'POST', headers: { 'content-type': 'application/json', authorization } });
    sent.on('error', () => undefined); // it hangs up before an answer
    sent.end(question);
    return () => sent.destroy();
  },
  websocket: async () => {
    const socket = new WebSocket(rpc.url.replace('http:', 'ws:'), { headers: { authorization } });
    await once(socket, 'open');
    socket.send(question);
    return () => socket.close();
  },
  socket: () => {
    const socket = connect(join(folder, 'cpchain.ipc'));
    socket.write(question);
    return () => socket.destroy();
  },
};

it.each([['http', 'http'], ['websocket', 'http'], ['socket', 'socket']] as const)('a program over %s is told by its link, and withdraws when it hangs up', async (way, link) => {
  const asking = new Promise<Asker>((resolve) => (asked = resolve));
  const hangUp = await programs[way]();
  const asker = await asking;
  expect([asker.link, asker.closed.aborted]).toEqual([link, false]);
  const closed = once(asker.closed, 'abort');
  hangUp();
  await closed;
});
