import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activity, Proposal } from '../api/contract/index.ts';
import type { NewStream } from '../api/contract/stream-desk.ts';
import { gatewayProposals } from '../api/gateway-proposals.ts';
import { router } from '../api/router.ts';
import { streamProcedures } from '../api/stream-procedures.ts';
import { streamProposals } from '../api/stream-proposals.ts';
import { fromHex } from '../base/bytes.ts';
import { systemClock } from '../base/clock.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const PASSWORD = 'correct horse';
const WORDS = `${'abandon '.repeat(23)}art`;
const folder = mkdtempSync(join(tmpdir(), 'streams-'));
const dataDir = join(folder, 'profile');
const clock = scaledClock(20, systemClock.now());
const served = { ...router, streams: streamProcedures, streamDesk: streamProposals, gateway: gatewayProposals };

let node: RunningNode;
let api: RouterClient<typeof served>;
let owner: string;
let reader: string;
let gateway: string;
let stream: string;

async function start(): Promise<void> {
  const log = openNodeLog(dataDir, 'debug');
  node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: 0, ipfsPeers: [], keysCost: 'light', workers: 1 }, { log, clock });
  api = createRouterClient(served, { context: { services: node.services, log } });
}

async function until<T>(what: string, ask: () => Promise<T | null | false | undefined>): Promise<T> {
  const end = Date.now() + 30_000;
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
  expect({ state: done.state, error: done.error }).toEqual({ state: 'final', error: null });
  return done;
}

const balanceOf = (account: string): Promise<bigint> => node.services.network().reader.balanceOf(fromHex(account));
const feesOf = ({ transactions }: Activity): bigint => transactions.reduce((sum, { fee }) => sum + (fee ?? 0n), 0n);
const held = async (): Promise<readonly string[]> => (await node.services.keys.call('status', {})).streams;
const search = (query: Partial<Parameters<typeof api.streams.search>[0]>) => api.streams.search({ text: '', sort: 'newest', offset: 0, limit: 20, ...query });
const wanted = (): NewStream => ({
  owner, title: 'Buses of Tallinn', titleZh: '塔林公交车', summary: 'Positions every second', description: 'Where each bus is.', category: 'transport', tags: ['gps'], columns: [{ name: 'speed', type: 'number', unit: 'km/h' }],
  plan: { kind: 'metered', unitPrice: CPC / 1000n, window: 50 }, licenceId: 'PD-EVAL', epochSeconds: 600, ahead: 6, peekDelaySeconds: 600, gateways: [gateway],
});

/** Signs, and compares what left the account with what the sheet said would. */
async function signExactly(proposal: Proposal, account: string, leaves: bigint): Promise<Activity> {
  const before = await balanceOf(account);
  const done = await sign(proposal);
  expect(before - (await balanceOf(account)) - feesOf(done)).toBe(leaves);
  const said = proposal.changes.filter(({ reason }) => reason !== 'fee-at-most').reduce((sum, { amount }) => sum + amount, 0n);
  expect(-said).toBe(leaves);
  return done;
}

beforeAll(async () => {
  await start();
  await api.app.chooseNetwork({ network: 'practice' });
  await api.wallet.importSeed({ words: WORDS, password: PASSWORD });
  [owner = '', reader = ''] = (await api.wallet.addAccount({ name: 'Reader' })).accounts.map(({ address }) => address);
  for (const account of [owner, reader]) await until('faucet', () => api.wallet.faucet({ account, amount: 500n * CPC }));
  await until('money', async () => (await balanceOf(owner)) > 0n && (await balanceOf(reader)) > 0n);
  await until('contracts', async () => (await api.streams.status()).contracts === 'ready');
}, 60_000);
afterAll(async () => {
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('streams, from the gateway to the money that comes back', () => {
  it('have a gateway, which is refused with too little bond or a bad address', async () => {
    const { minGatewayBond, closeMillis } = await api.streams.status();
    expect([minGatewayBond, closeMillis]).toEqual([10n * CPC, 140_000]);
    await expect(api.gateway.prepareRegister({ owner, endpoints: ['http://127.0.0.1:8710'], bond: 10n * CPC - 1n })).rejects.toMatchObject({ data: { code: 'BOND_TOO_LOW', meta: { minBond: (10n * CPC).toString() } } });
    for (const endpoint of ['ftp://127.0.0.1', 'http://me@127.0.0.1', 'http://127.0.0.1/path', 'http://127.0.0.1/?a=b']) await expect(api.gateway.prepareRegister({ owner, endpoints: [endpoint], bond: 10n * CPC })).rejects.toMatchObject({ data: { code: 'BAD_ENDPOINT' } });
    const proposal = await api.gateway.prepareRegister({ owner, endpoints: ['http://127.0.0.1:8710'], bond: 12n * CPC });
    expect(proposal.calls[0]).toMatchObject({ contract: 'PDGateway', method: 'register' });
    gateway = (await signExactly(proposal, owner, 12n * CPC)).subject?.id ?? '';
    await until('held', async () => (await held()).includes(gateway));
  });

  it('are registered on one sheet, and found by their text also when the program ended right after the signature', async () => {
    await expect(api.streamDesk.prepareCreate({ ...wanted(), gateways: [`0x${'77'.repeat(32)}`] })).rejects.toMatchObject({ data: { code: 'GATEWAY_UNKNOWN' } });
    await expect(api.streamDesk.prepareCreate({ ...wanted(), columns: [...wanted().columns, ...wanted().columns] })).rejects.toMatchObject({ data: { code: 'BAD_COLUMNS' } });
    const proposal = await api.streamDesk.prepareCreate(wanted());
    expect(proposal.mandate?.methods).toEqual(['redeem', 'withdraw']);
    stream = (await api.actions.confirm({ id: proposal.id })).subject?.id ?? '';
    await node.close();
    await start();
    const found = await until('found', async () => (await search({ text: 'tallinn' })).streams[0]);
    expect(found).toMatchObject({ id: stream, title: 'Buses of Tallinn', titleZh: '塔林公交车', textState: 'ready', category: 'transport', columns: [{ name: 'speed', type: 'number', unit: 'km/h' }], gateways: 1, mine: true, mySubscription: null, measured: null, print: [] });
    expect(found.plans).toEqual([{ planId: 0, kind: 'metered', unitPrice: CPC / 1000n, window: 50, licenceId: 'PD-EVAL', active: true }]);
    expect((await search({ live: true, category: 'transport' })).categories).toEqual({ transport: 1 });
    expect(await api.streams.stream({ id: stream })).toMatchObject({ generation: 1, epochMillis: 600_000, ahead: 6, peekDelayMillis: 600_000, gatewayList: [{ id: gateway, name: '127.0.0.1:8710', state: 'unasked', bond: 12n * CPC, mine: true }], licence: { id: 'PD-EVAL', template: { id: 'PD-EVAL' } } });
    await api.wallet.unlock({ password: PASSWORD });
    await until('held', async () => [gateway, stream].every((id) => held().then((ids) => ids.includes(id))) && (await held()).includes(stream));
  });

  it('are subscribed to, topped up and left, to the base unit', async () => {
    const subscription = { stream, planId: 0, deposit: 5n * CPC, days: 400, capPerDay: CPC };
    await expect(api.streams.prepareSubscribe({ ...subscription, payer: owner })).rejects.toMatchObject({ data: { code: 'OWN_STREAM' } });
    await expect(api.streams.prepareSubscribe({ ...subscription, payer: reader, planId: 1 })).rejects.toMatchObject({ data: { code: 'PLAN_INACTIVE' } });
    await expect(api.streams.prepareSubscribe({ ...subscription, payer: reader, deposit: 0n })).rejects.toMatchObject({ data: { code: 'NO_DEPOSIT' } });
    const proposal = await api.streams.prepareSubscribe({ ...subscription, payer: reader });
    const field = (key: string) => proposal.fields.find((one) => one.key === key)?.value;
    expect(field('at-risk')).toEqual({ kind: 'amount', amount: CPC / 20n });
    expect(field('cap-per-day')).toEqual({ kind: 'amount', amount: CPC });
    expect(proposal.notes.map(({ key }) => key)).toEqual(['subscribe-pays-capped', 'subscribe-risk-messages', 'subscribe-rest', 'subscribe-over', 'subscribe-public']);
    const channel = (await signExactly(proposal, reader, 5n * CPC)).subject?.id ?? '';
    await until('open', async () => (await search({ text: 'tallinn' })).streams[0]?.mySubscription === channel);
    const runtime = node.services.network().streams.current();
    expect(runtime?.caps.of(channel as `0x${string}`)).toBe(CPC);
    await until('held', async () => (await held()).includes(channel));

    await expect(api.streams.prepareChannel({ channel, action: 'take-back' })).rejects.toMatchObject({ data: { code: 'CHANNEL_STATE' } });
    await signExactly(await api.streams.prepareChannel({ channel, action: 'top-up', amount: 2n * CPC }), reader, 2n * CPC);
    await until('deposit', () => Promise.resolve(runtime?.index.channel(channel as `0x${string}`)?.deposit === 7n * CPC));

    await signExactly(await api.streams.prepareChannel({ channel, action: 'close' }), reader, 0n);
    await expect(api.streams.prepareChannel({ channel, action: 'top-up', amount: 1n })).rejects.toMatchObject({ data: { code: 'CHANNEL_STATE' } });
    const back = await until('waited', () => api.streams.prepareChannel({ channel, action: 'take-back' }));
    await signExactly(back, reader, -7n * CPC);
    expect(await balanceOf((await api.streams.status()).addresses?.channel ?? '')).toBe(0n);
    await until('no longer held', async () => !(await held()).includes(channel));
  }, 60_000);
});
