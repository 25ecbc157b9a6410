import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { network } from '../../networks/network.ts';
import { testChain } from '../../testing/chains.ts';
import { testBackend } from '../../testing/rpc-backend.ts';
import { RpcServer } from '../rpc-server.ts';

let rpc: RpcServer;
const sockets: Socket[] = [];

beforeEach(async () => {
  rpc = await RpcServer.start({ port: 0 }, testBackend(await testChain(network('dev'))));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Asks for a WebSocket as a page of the web that is not on the list, and keeps its side of the connection open. */
async function asStranger(): Promise<Socket> {
  const socket = connect({ port: Number(new URL(rpc.url).port), host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(['GET / HTTP/1.1', 'Host: localhost', 'Origin: https://evil.example', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''].join('\r\n'));
  return socket;
}

describe('an upgrade that is refused', () => {
  it('does not keep the server from closing while its asker holds the connection', async () => {
    const socket = await asStranger();
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('403 Forbidden');
    await rpc.close();
  }, 5_000);

  it('breaks nothing when its asker breaks the connection off', async () => {
    for (let i = 0; i < 20; i++) (await asStranger()).resetAndDestroy();
    const answer = await fetch(rpc.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"id":1,"method":"eth_chainId"}' });
    expect(answer.status).toBe(200);
    await rpc.close();
  });
});
