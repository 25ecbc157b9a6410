/** The gateway of a program as a whole: its place on the chain, receipts from the keys process, and what a stranger sees of its stream. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Proposal } from '../api/contract/index.ts';
import { router } from '../api/router.ts';
import { fromHex, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { systemClock, toMillis } from '../base/clock.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { GatewayClient } from '../streams/client/gateway-client.ts';
import { batchHash, encodeBatch, framesRoot, nextSeq, NO_BATCH, type BatchFields } from '../streams/format/batch.ts';
import { frameKey, sealFrame } from '../streams/format/frame.ts';
import { epochAt, epochCommit, epochKey, rangeNodes } from '../streams/format/ggm.ts';
import { encodeRecord } from '../streams/format/record.ts';
import type { StreamEntry } from '../streams/index/stream-entry.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import { freePort } from '../streams/own-gateway/testing/own-gateway-fixture.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const PASSWORD = 'correct horse';
const dataDir = mkdtempSync(join(tmpdir(), 'own-gateway-node-'));
const clock = scaledClock(40, systemClock.now());
let node: RunningNode;
let api: RouterClient<typeof router>;
let gateway: string;
let stream: string;

async function until<T>(what: string, ask: () => Promise<T | null | false | undefined>): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false && answer !== undefined) return answer;
    if (Date.now() > end) expect.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function sign(proposal: Proposal): Promise<string> {
  await api.actions.confirm({ id: proposal.id });
  const { state, subject } = await until(proposal.kind, async () => {
    const found = await api.actions.get({ id: proposal.id });
    return (found.state === 'final' || found.state === 'failed') && found;
  });
  expect(state).toBe('final');
  return subject?.id ?? '';
}

const runtime = (): StreamsRuntime => node.services.network().streams.current() ?? expect.fail('no streams');
const state = async (): Promise<readonly (string | null)[]> => {
  const { state: now, problem } = await api.gateway.view();
  return [now, problem?.code ?? null];
};

function publisher(): GatewayClient {
  const streamId = fromHex(stream);
  return new GatewayClient(
    { gatewayId: fromHex(gateway), endpoint: runtime().index.gateway(gateway as Hex)?.endpoints[0] ?? '', action: 'publish', streams: [streamId], entitlement: new Uint8Array(32) },
    { chain: runtime().chain, clock, signTicket: (ticket) => node.services.keys.call('signPublishTicket', { streamId, ticket }) },
  );
}

const epochOf = ({ startSeconds, epochSeconds }: StreamEntry): number => epochAt(clock.now(), toMillis(startSeconds), toMillis(epochSeconds));

let before: Pick<BatchFields, 'firstSeq' | 'prevBatchHash'> = { firstSeq: 0n, prevBatchHash: NO_BATCH };

/** One batch of rows, as the own keys sign and seal it. */
async function batch(root: Bytes, rows: readonly object[]): Promise<Bytes> {
  const entry = runtime().index.stream(stream as Hex) ?? expect.fail('not indexed');
  const time = clock.now();
  const context = { streamId: fromHex(stream), generation: entry.generation, epoch: epochOf(entry), runId: new Uint8Array(16).fill(7) };
  const key = epochKey(root, context);
  const frames = rows.map((row, i) => sealFrame({ ...context, seq: before.firstSeq + BigInt(i), timeMillis: time }, frameKey(key, context), encodeRecord({ contentType: 'json', schemaVersion: 1, body: utf8(JSON.stringify(row)) })));
  const fields: BatchFields = { ...context, ...before, count: rows.length, framesRoot: framesRoot(frames), epochCommit: epochCommit(key), timeMillis: time };
  before = { firstSeq: nextSeq(fields), prevBatchHash: batchHash(fields) };
  return encodeBatch(fields, await node.services.keys.call('signBatch', { batch: fields }), frames);
}

beforeAll(async () => {
  const log = openNodeLog(dataDir, 'debug');
  node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 1 }, { log, clock });
  api = createRouterClient(router, { context: { services: node.services, log } });
  await api.app.chooseNetwork({ network: 'practice' });
  const [{ address: owner } = { address: '' }] = (await api.wallet.importSeed({ words: `${'abandon '.repeat(23)}art`, password: PASSWORD })).accounts;
  await until('faucet', () => api.wallet.faucet({ account: owner, amount: 100n * CPC }));
  await until('money', async () => (await node.services.network().reader.balanceOf(fromHex(owner))) > 0n);
  await until('contracts', async () => (await api.streams.status()).contracts === 'ready');
  expect(await api.gateway.setRunning({ on: true })).toMatchObject({ state: 'failed', problem: { code: 'GATEWAY_NOT_REGISTERED' }, registration: null });
  gateway = await sign(await api.gateway.prepareRegister({ owner, endpoints: [`http://127.0.0.1:${await freePort()}`], bond: 10n * CPC }));
  stream = await until('stream', async () => sign(await api.streamDesk.prepareCreate({
    owner, title: 'Buses of Tallinn', titleZh: '', summary: '', description: 'Where each bus is.', category: 'transport', tags: [], columns: [{ name: 'speed', type: 'number', unit: 'km/h' }],
    plan: { kind: 'metered', unitPrice: CPC, window: 50 }, licenceId: 'PD-EVAL', epochSeconds: 86_400, ahead: 0, peekDelaySeconds: 600, gateways: [gateway], checkpoints: null,
  })));
  await until('described', async () => (await api.streams.stream({ id: stream })).textState === 'ready');
  await until('held', async () => (await node.services.keys.call('status', {})).streams.length === 2);
}, 60_000);
afterAll(async () => {
  await node.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('starts with its registration, signs receipts while the wallet is locked, and shows a stranger the sample that the publisher gave', async () => {
  await until('running', async () => (await state())[0] === 'running');
  const root = await node.services.keys.call('streamRoot', { streamId: fromHex(stream), generation: 1 });
  const first = await batch(root, [{ speed: 10 }, { speed: 20 }]);
  const client = publisher();
  expect(await client.publish(fromHex(stream), first, { gap: false })).toMatchObject({ offset: 0n });
  await expect(api.streams.peek({ id: stream, limit: 10 })).rejects.toMatchObject({ data: { code: 'NO_PEEK', meta: { reason: 'not-yet' } } });
  const entry = runtime().index.stream(stream as Hex) ?? expect.fail('not indexed');
  const epoch = epochOf(entry);
  await client.putPeekKey(fromHex(stream), { generation: 1, epoch, nodes: [...rangeNodes(root, epoch, epoch)] });
  expect(await api.streams.peek({ id: stream, limit: 10 })).toMatchObject({ gateway: runtimeName(), rows: [{ seq: 1, values: [20], raw: null }, { seq: 0, values: [10], raw: null }] });
  const view = await api.streams.stream({ id: stream });
  expect(view).toMatchObject({ gatewayList: [{ state: 'ready', headSeq: 1, mine: true }], measured: { gateway: runtimeName() }, retentionMillis: 7 * 86_400_000 });

  await api.wallet.lock();
  const next = await batch(root, [{ speed: 30 }]);
  expect(await client.publish(fromHex(stream), next, { gap: false })).toMatchObject({ offset: 1n, firstSeq: 2n });
  expect(await api.gateway.view()).toMatchObject({
    state: 'running', listens: runtime().index.gateway(gateway as Hex)?.endpoints[0], engine: { ok: true, settings: { kind: 'built-in' } }, registration: { id: gateway, bond: 10n * CPC, status: 'bonded', leavesAt: null },
    topics: [{ stream, title: 'Buses of Tallinn', first: 0, next: 2, owed: 0n, readers: 0, publishers: 0 }], earned: 0n, withdrawable: 0n, quotas: { publishPerSecond: 200 },
  });
});

it('says that the keys process is gone, and signs again when it is back and unlocked', async () => {
  const client = publisher();
  await api.wallet.unlock({ password: PASSWORD });
  const root = await node.services.keys.call('streamRoot', { streamId: fromHex(stream), generation: 1 });
  const waiting = await batch(root, [{ speed: 40 }]);
  const pid = node.keysPid();
  process.kill(pid ?? expect.fail('no keys process'), 'SIGKILL');
  await until('failed', async () => (await state())[0] === 'failed');
  expect(['KEYS_STOPPED', 'STREAM_NOT_HELD']).toContain((await state())[1]);
  expect((await client.hello()).protocol).toBe(1);
  await api.wallet.unlock({ password: PASSWORD });
  await until('running', async () => (await state())[0] === 'running');
  expect(await client.publish(fromHex(stream), waiting, { gap: false })).toMatchObject({ offset: 2n, firstSeq: 3n });
  const lines = (await api.gateway.log({ limit: 50 })).map(({ message }) => message);
  expect(lines.at(0)).toBe('switched on');
  expect(lines.at(-1)).toBe('receipts are signed again');
});

function runtimeName(): string {
  return new URL(runtime().index.gateway(gateway as Hex)?.endpoints[0] ?? '').host;
}
