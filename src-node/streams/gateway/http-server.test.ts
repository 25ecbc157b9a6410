import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { connect, openServer } from './testing/open-server.ts';
import { streamPath } from './testing/test-gateway.ts';
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
});
