/** Gateways over real sockets that end with their test, and connections to them. */
import { afterEach } from 'vitest';
import type { Bytes } from '../../../base/bytes.ts';
import { decodeBatch } from '../../format/batch.ts';
import type { GatewayServerOptions } from '../http-server.ts';
import type { TestGatewayOptions } from './test-gateway.ts';
import { serve, TestSocket, type TestServer } from './test-server.ts';
import { STREAM_ID } from './test-stream.ts';

const servers: TestServer[] = [];
const sockets: TestSocket[] = [];

export async function openServer(options: TestGatewayOptions = {}, server: Partial<GatewayServerOptions> = {}): Promise<TestServer> {
  const made = await serve(options, server);
  servers.push(made);
  return made;
}

afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
  for (const server of servers.splice(0)) await server.close();
});

export function connect({ server }: TestServer, path = '/v1/ws', headers: Record<string, string> = {}): TestSocket {
  const socket = new TestSocket(`${server.url.replace('http', 'ws')}${path}`, { headers });
  sockets.push(socket);
  return socket;
}

export async function reader(server: TestServer, channelId: Bytes, options: { readonly cursor?: string; readonly credit?: number; readonly key?: Bytes } = {}): Promise<TestSocket> {
  const socket = connect(server);
  await socket.authenticate(await server.test.ticket({ channelId, ...(options.key === undefined ? {} : { key: options.key }) }));
  socket.send({ type: 'SUB', stream: STREAM_ID, cursor: options.cursor ?? 'earliest', credit: options.credit ?? 100 });
  return socket;
}

export async function publisher(server: TestServer): Promise<TestSocket> {
  const socket = connect(server);
  await socket.authenticate(await server.test.ticket());
  return socket;
}

export const seqOf = (batch: Bytes): bigint => decodeBatch(batch).fields.firstSeq;
