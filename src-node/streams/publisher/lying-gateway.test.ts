import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { millis, systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { MARKET_STREAM, StreamMarket } from '../../testing/stream-market.ts';
import { GatewayClient } from '../client/gateway-client.ts';
import { Publisher } from './publisher.ts';
import { LyingGateway } from './testing/lying-gateway.ts';

const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
let folder: string;
let market: StreamMarket;
let liar: LyingGateway;
const stops: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lying-'));
  for (const number of [1, 2]) mkdirSync(join(folder, `gateway-${number}`));
  market = new StreamMarket({ folder, clock: systemClock, plan: { kind: 'metered', unitPrice: 10n, window: 50 }, epochSeconds: 600, ahead: 6 });
  await market.startGateway(1);
  liar = await LyingGateway.listen((await market.startGateway(2)).port);
  market.setEndpoints(2, [liar.url]);
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  liar.close();
  await market.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<{ readonly publisher: Publisher; readonly send: (from: number, to: number) => Promise<void> }> {
  const publisher = await Publisher.open({ streamId: MARKET_STREAM, folder: join(folder, 'device'), schema, maxDelayMillis: millis(10), maxWaitingBytes: 1e7 }, { chain: market, keys: market.publisherKeys, files: systemFiles, clock: systemClock, log: silentLogger });
  const end = new AbortController();
  const done = publisher.run(end.signal);
  done.catch(() => undefined);
  stops.push(async () => {
    end.abort();
    await done.catch(() => undefined);
    await publisher.close();
  });
  const send = (from: number, to: number): Promise<void> => publisher.sink.accept('test', Array.from({ length: to - from }, (_, i) => ({ row: { n: from + i }, token: '', timeMillis: systemClock.now() })));
  return { publisher, send };
}

/** Newest number that the honest gateway has, and what is held against the other one. */
function seen({ status }: Publisher): unknown {
  const [honest, lying] = status.gateways;
  return [status.state, honest?.acknowledgedSeq ?? null, lying?.fault?.code ?? null];
}

const made = (claim: object) => (_path: string, body: Record<string, unknown>): unknown => ('tail' in body ? { ...body, tail: { nextSeq: '5000', batchHash: `0x${'77'.repeat(32)}`, generation: 1, epoch: 100, time: systemClock.now(), ...claim } } : body);

it('starts and publishes at the others while one gateway claims an end of the stream that nobody signed', async () => {
  liar.lies = { answer: made({ header: Buffer.alloc(241, 1).toString('base64') }) };
  const { publisher, send } = await start();
  await send(0, 10);
  await expect.poll(() => seen(publisher), { timeout: 15_000 }).toEqual(['publishing', 9n, 'BAD_TAIL']);
});

it('publishes on at the others when one gateway claims such an end after it had none', async () => {
  const { publisher, send } = await start();
  await send(0, 10);
  await expect.poll(() => publisher.status.gateways.map(({ acknowledgedSeq }) => acknowledgedSeq)).toEqual([9n, 9n]);
  liar.lies = { answer: made({ nextSeq: '5', header: Buffer.alloc(241, 1).toString('base64') }), frame: () => ({ type: 'BYE', reason: 'nonsense' }) };
  await send(10, 20);
  await expect.poll(() => seen(publisher), { timeout: 10_000 }).toEqual(['publishing', 19n, 'BAD_TAIL']);
});

it('publishes on at the others when one gateway claims other batches that it cannot show', async () => {
  const { publisher, send } = await start();
  await send(0, 10);
  await expect.poll(() => publisher.status.gateways.map(({ acknowledgedSeq }) => acknowledgedSeq)).toEqual([9n, 9n]);
  const conflict = (meta: object) => (frame: Record<string, unknown>): unknown => (frame['type'] === 'PUBOK' ? { type: 'ERR', about: 'PUB', stream: `0x${'5d'.repeat(32)}`, code: 'batch_conflict', retry: 'never', message: '', help: '', meta: { firstSeq: '10', known: `0x${'77'.repeat(32)}`, ...meta } } : frame);
  liar.lies = { frame: conflict({}) };
  await send(10, 20);
  await expect.poll(() => seen(publisher), { timeout: 10_000 }).toEqual(['publishing', 19n, 'BAD_CONFLICT']);
  liar.lies = {};
  await expect.poll(() => publisher.status.gateways.map(({ acknowledgedSeq, fault }) => [acknowledgedSeq, fault]), { timeout: 10_000 }).toEqual([[19n, null], [19n, null]]);
});

it('takes no receipt that the gateway of the chain did not sign, and goes on at the others', async () => {
  const forge = (change: (receipt: Record<string, unknown>) => object) => (frame: Record<string, unknown>): unknown => (frame['type'] === 'PUBOK' ? { ...frame, receipt: { ...(frame['receipt'] as object), ...change(frame['receipt'] as Record<string, unknown>) } } : frame);
  const { publisher, send } = await start();
  let sent = 0;
  for (const change of [() => ({ signature: `0x${'11'.repeat(64)}1b` }), ({ offset }: Record<string, unknown>) => ({ offset: String(Number(offset) + 1) }), () => ({ gatewayId: `0x${'61'.repeat(32)}` })]) {
    liar.lies = { frame: forge(change) };
    await send(sent, sent + 10);
    sent += 10;
    await expect.poll(() => seen(publisher), { timeout: 10_000 }).toEqual(['publishing', BigInt(sent - 1), 'BAD_RECEIPT']);
    liar.lies = {};
    await expect.poll(() => publisher.status.gateways.map(({ acknowledgedSeq, fault }) => [acknowledgedSeq, fault]), { timeout: 15_000 }).toEqual([[BigInt(sent - 1), null], [BigInt(sent - 1), null]]);
  }
});

it('tries the further endpoints of a gateway, and passes over those that are none', async () => {
  market.setEndpoints(2, ['no endpoint', 'http://127.0.0.1:1', liar.url]);
  const { publisher, send } = await start();
  await send(0, 10);
  await expect.poll(() => publisher.status.gateways.map(({ endpoint, acknowledgedSeq }) => [endpoint, acknowledgedSeq]), { timeout: 10_000 }).toContainEqual([liar.url, 9n]);
});

it('follows a gateway that moved to another address', async () => {
  market.setEndpoints(2, ['http://127.0.0.1:1']);
  const { publisher, send } = await start();
  await send(0, 10);
  await expect.poll(() => seen(publisher), { timeout: 20_000 }).toEqual(['publishing', 9n, 'GATEWAY_UNREACHABLE']);
  market.setEndpoints(2, ['no endpoint', liar.url]);
  await expect.poll(() => publisher.status.gateways.map(({ acknowledgedSeq, fault }) => [acknowledgedSeq, fault]), { timeout: 15_000 }).toEqual([[9n, null], [9n, null]]);
});

it('publishes at the others when a gateway has no endpoint that can be used', async () => {
  market.setEndpoints(2, ['ftp://nowhere']);
  const { publisher, send } = await start();
  await send(0, 10);
  await expect.poll(() => publisher.status.gateways.map(({ acknowledgedSeq }) => acknowledgedSeq), { timeout: 10_000 }).toEqual([9n]);
});

it('hands keys out at the others while one gateway leaves what brings them unanswered', async () => {
  market.record = { ...market.record, gateways: market.record.gateways.toReversed() };
  liar.lies = { silence: (path) => path.endsWith('/keys') };
  const { publisher } = await start();
  const { channelId, keys } = market.subscribe(1, 1000n);
  const clientOf = (number: number, endpoint: string): GatewayClient =>
    new GatewayClient({ gatewayId: new Uint8Array(32).fill(0x60 + number), endpoint, action: 'subscribe', streams: [MARKET_STREAM], entitlement: channelId }, { chain: market, clock: systemClock, signTicket: (ticket) => keys.signTicket(ticket) });
  await clientOf(2, liar.url).usage();
  await expect.poll(() => publisher.status.subscribers.length, { timeout: 5000 }).toBe(1);
  const honest = clientOf(1, (await market.gateway(new Uint8Array(32).fill(0x61)))?.endpoints[0] ?? '');
  await expect.poll(() => honest.envelopes(MARKET_STREAM, 0, 1000).then(({ length }) => length, () => 0), { timeout: 8000 }).toBe(1);
});

it('asks a gateway that wants to be tried again at once no more often than others', async () => {
  let asked = 0;
  liar.lies = {
    answer: (path, body) => {
      if (path === '/v1/hello') asked += 1;
      return body;
    },
    frame: (frame) => (frame['type'] === 'HELLO' ? { type: 'ERR', about: 'AUTH', stream: null, code: 'quota_rate', retry: 'later', message: '', help: '', retryAfterMillis: 0, meta: {} } : frame),
  };
  const { publisher, send } = await start();
  await send(0, 10);
  await expect.poll(() => seen(publisher), { timeout: 10_000 }).toEqual(['publishing', 9n, 'quota_rate']);
  asked = 0;
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(asked).toBeLessThanOrEqual(20);
});
