import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activity, Proposal } from '../api/contract/index.ts';
import type { LiveEvent } from '../api/contract/streams.ts';
import { router } from '../api/router.ts';
import { fromHex, type Bytes, type Hex } from '../base/bytes.ts';
import { millis, systemClock } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import type { ReceiptMessage } from '../contracts/typed-data.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { rangeNodes } from '../streams/format/ggm.ts';
import { Gateway } from '../streams/gateway/gateway.ts';
import { GatewayServer } from '../streams/gateway/http-server.ts';
import { quotasOf } from '../streams/gateway/quotas.ts';
import { SqliteGatewayStore } from '../streams/gateway/store.ts';
import { BuiltInEngine } from '../streams/log/built-in/built-in-engine.ts';
import type { PublisherKeys } from '../streams/publisher/keys.ts';
import { Publisher } from '../streams/publisher/publisher.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const PRICE = CPC / 1000n;
const PASSWORD = 'correct horse';
const folder = mkdtempSync(join(tmpdir(), 'stream-reading-'));
const dataDir = join(folder, 'profile');
const clock = scaledClock(40, systemClock.now());
const stop = new AbortController();

let node: RunningNode;
let api: RouterClient<typeof router>;
let channel: string;
let close: () => Promise<void> = () => Promise.resolve();
let send: (from: number, to: number) => Promise<void>;

async function start(): Promise<void> {
  const log = openNodeLog(dataDir, 'debug');
  node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 1 }, { log, clock });
  api = createRouterClient(router, { context: { services: node.services, log } });
}

async function until<T>(what: string, ask: () => Promise<T | null | false | undefined>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false && answer !== undefined) return answer;
    if (Date.now() > end) expect.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function sign(proposal: Proposal): Promise<Activity> {
  await api.actions.confirm({ id: proposal.id });
  const done = await until(proposal.kind, async () => {
    const found = await api.actions.get({ id: proposal.id });
    return (found.state === 'final' || found.state === 'failed') && found;
  });
  expect(done.error).toBe(null);
  return done;
}

const runtime = (): StreamsRuntime => node.services.network().streams.current() ?? expect.fail('no streams');
const readTo = (seq: number) => until(`row ${seq}`, async () => {
  const view = await api.streams.subscription({ channel });
  return view.reading.lastSeq === seq && view;
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A gateway over its own log, and a publisher whose keys are those of the wallet. */
async function serve(gatewayId: Hex, streamId: Hex, port: number): Promise<void> {
  const { chain, index } = runtime();
  const { keys } = node.services;
  const home = join(folder, 'gateway');
  mkdirSync(home);
  const engine = new BuiltInEngine({ folder: join(home, 'log'), maxBytes: 1e8, fsyncMillis: millis(0) }, { files: systemFiles, clock, logger: silentLogger });
  const store = new SqliteGatewayStore({ path: join(home, 'store.sqlite') });
  const signer = { gatewayId: fromHex(gatewayId), sign: (_digest: Bytes, receipt: ReceiptMessage) => keys.call('signReceipt', { receipt }) };
  const gateway = new Gateway({ retentionMillis: millis(86_400_000), evidenceFolder: join(home, 'evidence'), quotas: quotasOf({}), oldPaths: false }, { engine, chain, signer, store, files: systemFiles, clock, logger: silentLogger });
  const server = await GatewayServer.listen({ host: '127.0.0.1', port }, { gateway, logger: silentLogger });
  const publisherKeys: PublisherKeys = {
    address: fromHex(index.stream(streamId)?.publisher ?? expect.fail('no stream')),
    signBatch: (batch) => keys.call('signBatch', { batch }),
    nodes: async (generation, from, to) => rangeNodes(await keys.call('streamRoot', { streamId: fromHex(streamId), generation }), from, to),
    signTicket: ({ gatewayId: at, nonce, clientKey, expirySeconds }) => keys.call('signPublishTicket', { streamId: fromHex(streamId), ticket: { gatewayId: at, nonce, clientKey, expirySeconds } }),
  };
  const schema = { version: 1, columns: [{ name: 'speed', type: 'number', unit: 'km/h' }] } as const;
  const publisher = await Publisher.open({ streamId: fromHex(streamId), folder: join(folder, 'publisher'), schema, maxDelayMillis: millis(10), maxWaitingBytes: 1e7 }, { chain, keys: publisherKeys, files: systemFiles, clock, log: silentLogger });
  const done = publisher.run(stop.signal);
  done.catch(() => undefined);
  send = (from, to) => publisher.sink.accept('test', Array.from({ length: to - from }, (_, i) => ({ row: { speed: from + i }, token: '', timeMillis: clock.now() }))).then(() => undefined);
  close = async () => {
    stop.abort();
    await done.catch(() => undefined);
    await publisher.close();
    await gateway.close();
    await server.close();
    await engine.close();
  };
}

beforeAll(async () => {
  await start();
  await api.app.chooseNetwork({ network: 'practice' });
  await api.wallet.importSeed({ words: `${'abandon '.repeat(23)}art`, password: PASSWORD });
  const [owner = '', payer = ''] = (await api.wallet.addAccount({ name: 'Reader' })).accounts.map(({ address }) => address);
  for (const account of [owner, payer]) await until('faucet', () => api.wallet.faucet({ account, amount: 500n * CPC }));
  await until('contracts', async () => (await api.streams.status()).contracts === 'ready');
  const port = await freePort();
  const gateway = (await sign(await until('money', () => api.gateway.prepareRegister({ owner, endpoints: [`http://127.0.0.1:${port}`], bond: 12n * CPC })))).subject?.id ?? '';
  const created = await until('gateway', () => api.streamDesk.prepareCreate({
    owner, title: 'Buses', summary: 'Positions', description: 'Where each bus is.', category: 'transport', tags: [], columns: [{ name: 'speed', type: 'number', unit: 'km/h' }],
    plan: { kind: 'metered', unitPrice: PRICE, window: 50 }, licenceId: 'PD-EVAL', epochSeconds: 600, ahead: 6, peekDelaySeconds: null, gateways: [gateway], checkpoints: null,
  }));
  const stream = (await sign(created)).subject?.id ?? '';
  await until('held', async () => (await node.services.keys.call('status', {})).streams.includes(stream));
  await serve(gateway as Hex, stream as Hex, port);
  await until('text', async () => (await api.streams.search({ text: '', sort: 'newest', offset: 0, limit: 20 })).streams[0]?.textState === 'ready');
  channel = (await sign(await api.streams.prepareSubscribe({ stream, planId: 0, payer, deposit: 5n * CPC, days: 30, capPerDay: CPC }))).subject?.id ?? '';
}, 60_000);
afterAll(async () => {
  await close();
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a subscription of this wallet, with the keys that it has', () => {
  it('is read as soon as it is open: rows, spending to the base unit, a window, a file', async () => {
    await until('live', async () => (await api.streams.subscription({ channel })).reading.state === 'live');
    await api.streams.record({ channel, format: 'csv' });
    await expect(api.streams.record({ channel, format: 'csv' })).rejects.toMatchObject({ data: { code: 'ALREADY_RECORDING' } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (let from = 0; from < 200; from += 20) await send(from, from + 20);
    const { spend, can, state, columns } = await readTo(199);
    expect({ can, state, columns }).toEqual({ can: ['top-up', 'close', 'pause'], state: 'open', columns: [{ name: 'speed', type: 'number', unit: 'km/h' }] });
    expect([spend.signed + spend.owed, spend.capPerDay, spend.deposit]).toEqual([200n * PRICE, CPC, 5n * CPC]);
    expect(spend.signed).toBeGreaterThan(0n);

    const events: LiveEvent[] = [];
    for await (const event of await api.streams.live({ channel })) {
      events.push(event);
      if (event.kind === 'rows') break;
    }
    expect(events.map(({ kind }) => kind)).toEqual(['reading', 'spend', 'rows']);
    expect(events.flatMap((event) => (event.kind === 'rows' ? event.rows.map(({ values }) => values[0]) : []))).toEqual(Array.from({ length: 200 }, (_, i) => i));

    const { recording } = await api.streams.stopRecording({ channel });
    expect(recording).toMatchObject({ state: 'stopped', rows: 200 });
    expect(readFileSync(join(recording?.folder ?? '', recording?.file ?? ''), 'utf8').split('\n').slice(1, -1).map((line) => line.split(',').at(-1))).toEqual(Array.from({ length: 200 }, (_, i) => String(i)));
  }, 30_000);

  it('stands still while it is paused, goes on where it stood, and is unknown to nobody else', async () => {
    const paused = await api.streams.pause({ channel });
    expect([paused.reading.state, paused.can]).toEqual(['paused', ['top-up', 'close', 'resume', 'record']]);
    await send(200, 250);
    await api.streams.setDailyCap({ channel, capPerDay: 2n * CPC });
    await api.streams.resume({ channel });
    const { spend, reading } = await readTo(249);
    expect([spend.signed + spend.owed, spend.capPerDay]).toEqual([250n * PRICE, 2n * CPC]);
    expect(reading.gaps.at(-1)).toMatchObject({ reason: 'paused', fromSeq: null });
    expect(reading.gaps.every(({ to, fromSeq }) => to !== null && fromSeq === null)).toBe(true);
    expect((await api.streams.subscriptions()).map((one) => one.channel)).toEqual([channel]);
    await expect(api.streams.subscription({ channel: `0x${'99'.repeat(32)}` })).rejects.toMatchObject({ data: { code: 'CHANNEL_UNKNOWN' } });
  }, 30_000);
});
