import { request as httpRequest, type ClientRequest } from 'node:http';
import { connect as openConnection, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { connect, openServer } from './testing/open-server.ts';
import { streamPath } from './testing/test-gateway.ts';
import type { TestServer } from './testing/test-server.ts';
import { GATEWAY_ID, proofOf } from './testing/test-stream.ts';
import { batchesAnswerSchema, helloSchema } from './wire.ts';

describe('over HTTP', () => {
  it('answers the calls that any client makes, with proofs in headers', async () => {
    const made = await openServer();
    const { test, server } = made;
    const hello = helloSchema.parse(await (await fetch(`${server.url}/v1/hello`)).json());
    expect(hello).toMatchObject({ gatewayId: GATEWAY_ID, chainId: 337n });
    const ticket = await test.ticket();
    const batch = test.publisher.next(2);
    const target = streamPath('/batches');
    const headers = { ...proofOf(ticket, 'POST', target, batch, Date.now()), 'content-type': 'application/octet-stream' };
    const answer = await fetch(server.url + target, { method: 'POST', headers, body: Buffer.from(batch) });
    expect([answer.status, await answer.json()]).toMatchObject([200, { offset: '0' }]);
    const replayed = await fetch(server.url + target, { method: 'POST', headers, body: Buffer.from(batch) });
    expect([replayed.status, await replayed.json()]).toMatchObject([401, { code: 'proof_replayed', retry: 'now' }]);
    const reading = await test.ticket({ channelId: test.chain.openChannel() });
    const read = await fetch(server.url + target, { headers: proofOf(reading, 'GET', target, new Uint8Array(0), Date.now()) });
    expect(read.headers.get('x-pd-owed')).toBe('2');
    expect(batchesAnswerSchema.parse(await read.json()).items).toHaveLength(1);
  });

  it('takes no body, header, host or page of the web that it should not', async () => {
    const { server } = await openServer({}, { hosts: new Set(['gateway.example']), origins: new Set(['https://app.example']) });
    const large = await fetch(`${server.url}${streamPath('/batches')}`, { method: 'POST', body: Buffer.alloc(1_500_000) });
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'body_too_large' }]);
    expect((await fetch(`${server.url}/v1/ticket`, { method: 'POST', body: Buffer.alloc(70_000) })).status).toBe(413);
    const ask = (headers: Record<string, string>): Promise<number | undefined> => new Promise((resolve, reject) => {
      httpRequest(`${server.url}/v1/hello`, { headers }, (response) => resolve(response.resume().statusCode)).once('error', reject).end();
    });
    expect(await ask({ host: 'evil.example' })).toBe(403);
    expect(await ask({ host: 'gateway.example' })).toBe(200);
    expect(await ask({ 'x-much': 'a'.repeat(20_000) })).toBe(431);
    const crossing = async (origin: string): Promise<string | null> => (await fetch(`${server.url}/v1/hello`, { headers: { origin } })).headers.get('access-control-allow-origin');
    expect([await crossing('https://evil.example'), await crossing('https://app.example')]).toEqual([null, 'https://app.example']);
    const closed = await openServer();
    expect((await fetch(`${closed.server.url}/v1/hello`, { headers: { origin: 'https://app.example' } })).headers.get('access-control-allow-origin')).toBeNull();
    expect(await connect(closed, '/v1/ws', { origin: 'https://app.example' }).ended()).toBe(403);
  });

  it('serves others while readers wait, and forgets readers that went away', async () => {
    const { test, server } = await openServer();
    const reading = await test.ticket({ channelId: test.chain.openChannel() });
    const target = streamPath('/batches?cursor=live&waitMs=30000');
    const gone = new AbortController();
    const polls = Array.from({ length: 30 }, () => fetch(server.url + target, { headers: proofOf(reading, 'GET', target, new Uint8Array(0), Date.now()), signal: gone.signal }).then(() => 'answered', () => 'gone'));
    const began = performance.now();
    for (let i = 0; i < 20; i++) expect((await fetch(`${server.url}/v1/hello`)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1000);
    gone.abort();
    expect(new Set(await Promise.all(polls))).toEqual(new Set(['gone']));
  });

  it('asks for rate, path and ticket before it takes a body', async () => {
    const made = await openServer();
    const before = (path: string, headers: Record<string, string> = {}): Promise<string> => refusedBefore(made, path, { 'content-length': '60000', ...headers });
    expect(await before('/v1/nothing')).toBe('not_found');
    expect(await before(streamPath('/batches'))).toBe('ticket_required');
    const ticket = 'A'.repeat(43);
    expect(await before(streamPath('/batches'), proofOf(ticket, 'POST', streamPath('/batches'), new Uint8Array(0), Date.now()))).toBe('ticket_unknown');
    expect(await before('/v1/ticket', { 'content-length': '70000' })).toBe('body_too_large');
    const busy = await openServer({ limits: { requestsPerSecond: 0.01 } }); // one, and for a long time no other
    await fetch(`${busy.server.url}/v1/hello`);
    expect(await refusedBefore(busy, '/v1/ticket', { 'content-length': '60000' })).toBe('quota_rate');
  });

  it('is heard by who sends a whole batch with a ticket that is over', async () => {
    const { server } = await openServer();
    const target = streamPath('/batches');
    for (let i = 0; i < 20; i++) {
      const refused = await fetch(server.url + target, { method: 'POST', headers: proofOf('A'.repeat(43), 'POST', target, new Uint8Array(0), Date.now()), body: Buffer.alloc(1_300_000) });
      expect([refused.status, refused.headers.get('connection'), await refused.json()]).toMatchObject([401, 'keep-alive', { code: 'ticket_unknown' }]);
    }
  });

  it('holds only so many bytes of bodies at once, of one address and of all', async () => {
    const made = await openServer({}, { bodyBytes: { network: 100_000, total: 150_000 }, behindProxy: true });
    const send = (from: string): Upload => upload(made, '/v1/ticket', { 'content-length': '60000', 'x-forwarded-for': from }, Buffer.alloc(55_000));
    const [first, second] = [send('203.0.113.1'), send('203.0.113.2')];
    await vi.waitFor(() => expect(made.server.bodyBytes).toBe(110_000));
    expect(await send('203.0.113.1').code).toBe('quota_bytes');
    expect(await send('203.0.113.3').code).toBe('quota_bytes'); // all together
    first.request.destroy();
    await vi.waitFor(() => expect(made.server.bodyBytes).toBe(55_000));
    second.request.end(Buffer.alloc(5_000));
    expect(await second.code).toBe('bad_request');
    await vi.waitFor(() => expect(made.server.bodyBytes).toBe(0));
  });

  it('lets one address open only so many connections', async () => {
    const { server } = await openServer({ limits: { sockets: 1 } });
    const closed = vi.fn();
    const connections = await Promise.all(Array.from({ length: 70 }, () => connectTo(server.port, closed)));
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(70 - 8 * 8));
    for (const socket of connections) socket.destroy();
    await vi.waitFor(async () => expect((await fetch(`${server.url}/v1/hello`)).status).toBe(200));
  });
});

interface Upload {
  readonly request: ClientRequest;
  /** Of the answer. */
  readonly code: Promise<string>;
}

/** A request whose body is not whole yet. */
function upload({ server }: TestServer, path: string, headers: Record<string, string>, part: Buffer): Upload {
  const request = httpRequest(server.url + path, { method: 'POST', headers });
  const code = new Promise<string>((resolve) => {
    request.on('error', (error) => resolve(error.message));
    request.on('response', (response) => void text(response).then((body) => resolve(String((JSON.parse(body) as { code?: string }).code))));
  });
  request.write(part);
  return { request, code };
}

/** What a request is refused with when nothing of its body was sent. */
async function refusedBefore(made: TestServer, path: string, headers: Record<string, string>): Promise<string> {
  const { request, code } = upload(made, path, headers, Buffer.alloc(1));
  const refused = await code;
  request.destroy();
  return refused;
}

function connectTo(port: number, onClose: () => void): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = openConnection(port, '127.0.0.1');
    socket.on('error', () => undefined).on('close', onClose).once('connect', () => resolve(socket));
  });
}
