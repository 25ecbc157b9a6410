import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock, millis } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { poolHeadOf } from '../chain/pool/chain-head.ts';
import { TransactionPool } from '../chain/pool/transaction-pool.ts';
import { network } from '../networks/network.ts';
import { testChain } from '../testing/chains.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { RpcServer } from './rpc-server.ts';

interface RawPair {
  readonly requestRaw?: string;
  readonly responseRaw?: string;
}

const recorded = readVectorJson<{ readonly pairs: readonly RawPair[] }>('rpc/rpc-pairs.json').pairs.flatMap(({ requestRaw, responseRaw }) => (requestRaw === undefined || responseRaw === undefined ? [] : [[requestRaw, responseRaw] as const]));
const question = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}';
const answer = '{"jsonrpc":"2.0","id":1,"result":"0x29"}\n';
let rpc: RpcServer;

beforeAll(async () => {
  const config = network('dev');
  const chain = await testChain(config);
  const clock = new ManualClock(millis(Number(chain.head.header.timeMillis)));
  const pool = new TransactionPool({ chainId: config.chainId }, { head: poolHeadOf(chain), clock, logger: silentLogger });
  const node = { clientVersion: 'test', peerCount: () => 0, isListening: () => true, isSealing: () => false, syncProgress: () => null };
  rpc = await RpcServer.start({ port: 0 }, { chain, pool, node, gasPrice: () => 1n, clock, logger: silentLogger });
});
afterAll(() => rpc.close());

const post = (body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => fetch(rpc.url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const errorOf = async (response: Response): Promise<number | undefined> => ((await response.json()) as { error?: { code: number } }).error?.code;

/** After whatever was sent, the next question is answered. */
async function expectAlive(): Promise<void> {
  expect(await (await post(question)).text()).toBe(answer);
}

/** With a Host header of one's own, which fetch does not allow. */
function asHost(host: string): Promise<number> {
  const { hostname, port } = new URL(rpc.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method: 'POST', headers: { host, 'content-type': 'application/json' } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(question);
  });
}

describe('a body over HTTP', () => {
  it.each(recorded)('%s is answered as the recorded node answered', async (body, expected) => {
    expect(await (await post(body)).text()).toBe(expected);
  });

  it.each<[what: string, body: string, code: number | undefined]>([
    ['empty', '', -32600], ['a word', 'hello', -32600], ['null', 'null', -32700], ['a string', '"eth_chainId"', -32700], ['a list of no requests', '[1,[],{}]', -32700], ['a request within a list within a list', `[[${question}]]`, -32700],
    ['with a list as id', '{"id":[1],"method":"eth_chainId"}', -32700], ['with a number as method', '{"id":1,"method":7}', -32700], ['for a property of every object', '{"id":1,"method":"__proto___constructor"}', -32601], ['for an unknown method', '{"id":1,"method":"eth_steal"}', -32601],
    ['with an object as parameters', '{"id":1,"method":"eth_getBalance","params":{"a":1}}', -32602], ['with too many parameters', '{"id":1,"method":"eth_getBalance","params":["0x0000000000000000000000000000000000000000","latest",1,2,3]}', -32602],
    ['with an address that is none', '{"id":1,"method":"eth_getBalance","params":["0x12","latest"]}', -32602], ['with a number beyond all', '{"id":1,"method":"eth_getBlockByNumber","params":["0xffffffffffffffffffffffff",false]}', -32602],
    ['nested very deep', `{"id":1,"method":"eth_getBalance","params":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, -32602], ['cut in the middle of nesting', '['.repeat(100_000), -32600],
    ['of a hundred and one requests', `[${Array.from({ length: 101 }, () => question).join()}]`, -32700], ['that is no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('latin1'), -32600],
  ])('that is %s gets an error of its number, and the next is served', async (_, body, code) => {
    const response = await post(body);
    expect([response.status, await errorOf(response)]).toEqual([200, code]);
    await expectAlive();
  });

  it('of a hundred requests is answered a hundred times', async () => {
    expect(await (await post(`[${Array.from({ length: 100 }, () => question).join()}]`)).json()).toHaveLength(100);
  });

  it('larger than any may be is refused, announced or not', async () => {
    const large = 'x'.repeat(128 * 1024 + 1);
    expect((await post(large)).status).toBe(413);
    const stream = new ReadableStream<Uint8Array>({ start: (controller) => { controller.enqueue(Buffer.from(large)); controller.close(); } });
    const init = { method: 'POST', body: stream, headers: { 'content-type': 'application/json' }, duplex: 'half' };
    expect(await fetch(rpc.url, init).then(({ status }) => status, () => 'cut')).toSatisfy((end: unknown) => end === 413 || end === 'cut');
    await expectAlive();
  });

  it('of another type, method or host is refused', async () => {
    expect((await post(question, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await fetch(rpc.url, { method: 'POST', body: new Blob([question]) })).status).toBe(415);
    expect((await fetch(rpc.url, { method: 'PUT', body: question })).status).toBe(405);
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8545']) expect(await asHost(host)).toBe(403);
    expect(await asHost('localhost:8545')).toBe(200);
    expect((await post(question)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('that never ends is not waited for, and that is cut does no harm', async () => {
    const { hostname, port } = new URL(rpc.url);
    const socket = connect(Number(port), hostname);
    socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"id"`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await expectAlive();
  });
});

describe('a message over WebSocket', () => {
  const open = (headers: Readonly<Record<string, string>> = {}): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(rpc.url.replace('http:', 'ws:'), { headers });
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  const ask = (socket: WebSocket, text: string): Promise<string> =>
    new Promise((resolve) => {
      socket.once('message', (data: Buffer) => resolve(data.toString('utf8')));
      socket.send(text);
    });

  it('that is no request gets an error and leaves the connection', async () => {
    const socket = await open();
    for (const text of ['', '{', 'null', '[1]', '['.repeat(100_000)]) expect(JSON.parse(await ask(socket, text))).toHaveProperty('error');
    expect(await ask(socket, question)).toBe(answer);
    socket.close();
  });

  it('of bytes or too large ends its connection, and no other', async () => {
    const other = await open();
    for (const [message, code] of [[Buffer.from([1, 2, 3]), 1003], ['x'.repeat(128 * 1024 + 1), 1009]] as const) {
      const socket = await open();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.send(message);
      expect(await closed).toBe(code);
    }
    expect(await ask(other, question)).toBe(answer);
    other.close();
  });

  it('of a page of the web, or under a foreign host, is refused at the door', async () => {
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { host: 'evil.example' }]) await expect(open(headers)).rejects.toThrow('403');
  });
});
