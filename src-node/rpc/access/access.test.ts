import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemFiles } from '../../base/files.ts';
import { network } from '../../networks/network.ts';
import { testChain } from '../../testing/chains.ts';
import { testBackend } from '../../testing/rpc-backend.ts';
import type { Allowance } from '../protocol/allowance.ts';
import { RpcServer } from '../rpc-server.ts';
import { AccessToken } from './access-token.ts';
import { HttpCallers } from './http-callers.ts';

const WRONG = '0'.repeat(64);
const ORIGIN = 'https://tools.example';

describe('the file of the token', () => {
  let path: string;
  beforeEach(() => (path = join(mkdtempSync(join(tmpdir(), 'token-')), 'rpc-token')));
  afterEach(() => rmSync(join(path, '..'), { recursive: true }));
  const secret = (): string => readFileSync(path, 'utf8').trim();

  it('is made once, of 32 random bytes, for this user alone', async () => {
    const token = await AccessToken.open(path, systemFiles);
    const first = secret();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect([token.accepts(first), token.accepts(WRONG), token.accepts(''), token.accepts(first.slice(1))]).toEqual([true, false, false, false]);
    chmodSync(path, 0o644);
    expect((await AccessToken.open(path, systemFiles)).accepts(first)).toBe(true);
    expect([secret(), statSync(path).mode & 0o777]).toEqual([first, 0o600]);
  });

  it.each([['empty', ''], ['cut', 'abc123'], ['no hex', 'x'.repeat(64)], ['much too long', 'a'.repeat(5000)]])('is made anew when it is %s', async (_, content) => {
    writeFileSync(path, content);
    const token = await AccessToken.open(path, systemFiles);
    expect([token.accepts(content), token.accepts(secret())]).toEqual([false, true]);
    expect(secret()).toMatch(/^[0-9a-f]{64}$/);
  });
});

vi.mock('node:fs/promises', { spy: true });

it('a file whose rights cannot be kept to this user is no token', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'token-')), 'rpc-token');
  await AccessToken.open(path, systemFiles);
  vi.mocked(chmod).mockRejectedValueOnce(Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' }));
  await expect(AccessToken.open(path, systemFiles)).rejects.toMatchObject({ code: 'NO_PERMISSION', meta: { path } });
  rmSync(join(path, '..'), { recursive: true });
});

describe('who asks over HTTP', () => {
  it('counts by the token, by an origin of the list, or by the connection', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'callers-')), 'rpc-token');
    const callers = new HttpCallers([ORIGIN], await AccessToken.open(path, systemFiles));
    const authorization = `Bearer ${readFileSync(path, 'utf8').trim()}`;
    rmSync(join(path, '..'), { recursive: true });
    const sockets = [new Socket(), new Socket()];
    const allowances = (headers: IncomingHttpHeaders): unknown[] => sockets.map((socket) => callers.callerOf({ headers, socket })?.allowance);
    const isShared = (headers: IncomingHttpHeaders): boolean => new Set(allowances(headers)).size === 1;
    expect([{ authorization }, { origin: ORIGIN }, { origin: 'https://other.example' }, {}].map(isShared)).toEqual([true, true, false, false]);
    expect(new Set([{ authorization }, { origin: ORIGIN }, {}].flatMap(allowances)).size).toBe(4);
    expect(allowances({})).toEqual(allowances({ origin: 'https://other.example' }));
    expect(allowances({ authorization, 'sec-websocket-protocol': `bearer.${WRONG}` })).toEqual([undefined, undefined]);
  });
});

describe('work for connections of strangers', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is bounded for all of them together, and for none that is known', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const callers = new HttpCallers([ORIGIN], undefined);
    const allowanceOf = (headers: IncomingHttpHeaders): Allowance | undefined => callers.callerOf({ headers, socket: new Socket() })?.allowance;
    const [first, next, page, holder] = [callers.allowanceFor('public'), allowanceOf({}), allowanceOf({ origin: ORIGIN }), callers.allowanceFor('private')];
    first.spend(() => now.mockReturnValue(9_000));
    expect([first, next, page, holder].map((one) => one?.take())).toEqual([expect.any(Number), expect.any(Number), 0, 0]);
    expect([first.take(), next?.take()].every((wait) => wait !== undefined && wait > 0)).toBe(true);
  });
});

describe('a private method', () => {
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  const tokenPath = join(folder, 'rpc-token');
  let secret: string;
  let rpc: RpcServer;
  beforeAll(async () => {
    const token = await AccessToken.open(tokenPath, systemFiles);
    secret = readFileSync(tokenPath, 'utf8').trim();
    rpc = await RpcServer.start({ port: 0, token, origins: [ORIGIN], ipcPath: join(folder, 'cpchain.ipc') }, { ...testBackend(await testChain(network('dev'))), dataDir: folder });
  });
  afterAll(async () => {
    await rpc.close();
    rmSync(folder, { recursive: true });
  });

  const question = (id: number, method: string, params: readonly unknown[] = []): string => JSON.stringify({ jsonrpc: '2.0', id, method, params });
  const secretly = question(1, 'admin_datadir');
  const refused = { id: 1, error: { code: -32001, message: expect.stringContaining(tokenPath) as string } };
  const granted = { id: 1, result: folder };
  const post = (body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => fetch(rpc.url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  it('names the file of the token to a program that has not shown it, and the other requests of its batch are answered', async () => {
    const answers: unknown = await (await post(`[${secretly},${question(2, 'eth_chainId')}]`)).json();
    expect(answers).toMatchObject([refused, { id: 2, result: '0x29' }]);
    expect(JSON.stringify(answers)).not.toContain(secret);
  });

  it('is answered over HTTP with the token', async () => {
    for (const scheme of ['Bearer', 'bearer']) expect(await (await post(secretly, { authorization: `${scheme} ${secret}` })).json()).toMatchObject(granted);
  });

  it.each([['another token', `Bearer ${WRONG}`], ['no token', 'Bearer '], ['a password', 'Basic dXNlcjpwYXNz'], ['a part of it', 'Bearer a']])('and every other is 401 with %s', async (_, authorization) => {
    const response = await post(question(1, 'eth_chainId'), { authorization, origin: ORIGIN });
    expect([response.status, response.headers.get('www-authenticate'), response.headers.get('access-control-allow-origin')]).toEqual([401, 'Bearer', ORIGIN]);
    expect((await fetch(rpc.url, { headers: { authorization } })).status).toBe(401);
  });

  it('is no matter of sending what a wallet has signed', async () => {
    expect(await (await post(question(1, 'eth_sendRawTransaction', ['0xdeadbeef']))).json()).toMatchObject({ error: { code: -32000 } });
  });

  it('is answered while another program asks too often', async () => {
    const batch = `[${Array.from({ length: 100 }, () => question(1, 'eth_chainId')).join()}]`;
    let answers = '';
    for (let i = 0; i < 60 && !answers.includes('-32005'); i++) answers = await (await post(batch)).text();
    expect(answers).toMatch(/"code":-32005,"message":"limit exceeded: ask again in \d+ ms"/);
    expect(await (await post(secretly, { authorization: `Bearer ${secret}` })).json()).toMatchObject(granted);
  });

  const open = (options: { readonly protocols?: readonly string[]; readonly headers?: Readonly<Record<string, string>> }): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(rpc.url.replace('http:', 'ws:'), [...(options.protocols ?? [])], { headers: options.headers ?? {} });
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  const ask = async (socket: WebSocket): Promise<unknown> => {
    const answer = new Promise<string>((resolve) => void socket.once('message', (data: Buffer) => resolve(data.toString('utf8'))));
    socket.send(secretly);
    return JSON.parse(await answer) as unknown;
  };

  it('is answered over WebSocket with the token in a header or, as a browser shows it, in a sub-protocol', async () => {
    const named = await open({ protocols: [`bearer.${secret}`, 'jsonrpc'], headers: { origin: ORIGIN } });
    expect([named.protocol, await ask(named)]).toMatchObject(['jsonrpc', granted]);
    const alone = await open({ protocols: [`bearer.${secret}`] });
    const byHeader = await open({ headers: { authorization: `Bearer ${secret}` } });
    const without = await open({});
    expect([await ask(alone), await ask(byHeader), await ask(without)]).toMatchObject([granted, granted, refused]);
    for (const socket of [named, alone, byHeader, without]) socket.close();
  });

  it.each([[{ protocols: [`bearer.${WRONG}`] }], [{ headers: { authorization: `Bearer ${WRONG}` } }]])('has no WebSocket for a wrong token: %j', async (options) => {
    await expect(open(options)).rejects.toThrow('401');
  });

  it('is answered over the socket of this user', async () => {
    const socket = connect(rpc.ipcPath ?? '');
    socket.write(secretly);
    const [data] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(JSON.parse(data.toString('utf8'))).toMatchObject(granted);
  });
});
