import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activity, Proposal, ApiClient } from '../api/contract/index.ts';
import type { NewStream } from '../api/contract/stream-desk.ts';
import { router } from '../api/router.ts';
import { concat, fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { millis, systemClock } from '../base/clock.ts';
import { encodeFinalizeClose } from '../contracts/bindings/pd-channel.gen.ts';
import { batchStructHash, digest, domainSeparator, receiptDigest, voucherDigest } from '../contracts/typed-data.ts';
import { recoverAddress } from '../crypto/secp256k1.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const PASSWORD = 'correct horse';
const WORDS = `${'abandon '.repeat(23)}art`;
const folder = mkdtempSync(join(tmpdir(), 'streams-'));
const dataDir = join(folder, 'profile');
const clock = scaledClock(40, systemClock.now());

let node: RunningNode;
let api: RouterClient<typeof router>;
let owner: string;
let reader: string;
let gateway: string;
let left: string;
let stream: string;

async function start(): Promise<void> {
  const log = openNodeLog(dataDir, 'debug');
  node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 1 }, { log, clock });
  api = createRouterClient(router, { context: { services: node.services, log } });
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
const runtime = (): StreamsRuntime => node.services.network().streams.current() ?? expect.fail('no streams');
const index = (): StreamsRuntime['index'] => runtime().index;
const held = async (): Promise<readonly string[]> => (await node.services.keys.call('status', {})).streams;
const search = (query: Partial<Parameters<typeof api.streams.search>[0]>) => api.streams.search({ text: '', sort: 'newest', offset: 0, limit: 20, ...query });
const wanted = (): NewStream => ({
  owner, title: 'Buses of Tallinn', titleZh: '塔林公交车', summary: 'Positions every second', description: 'Where each bus is.', category: 'transport', tags: ['gps'], columns: [{ name: 'speed', type: 'number', unit: 'km/h' }],
  plan: { kind: 'metered', unitPrice: CPC / 1000n, window: 50 }, licenceId: 'PD-EVAL', epochSeconds: 600, ahead: 6, peekDelaySeconds: 600, gateways: [gateway], checkpoints: 'day',
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
  it('are served to a window', async () => {
    const { port1, port2 } = new MessageChannel();
    node.connect(port2);
    const window: ApiClient = createORPCClient(new RPCLink({ port: port1 }));
    port1.start();
    // a block may come between the two answers
    await expect.poll(async () => isDeepStrictEqual(await window.streams.status(), await api.streams.status())).toBe(true);
    await expect(window.streams.stream({ id: `0x${'99'.repeat(32)}` })).rejects.toMatchObject({ data: { code: 'STREAM_UNKNOWN' } });
    port1.close();
  });

  it('have a gateway, which is refused with too little bond or a bad address', async () => {
    const { minGatewayBond, closeMillis } = await api.streams.status();
    expect([minGatewayBond, closeMillis]).toEqual([10n * CPC, 140_000]);
    await expect(api.gateway.prepareRegister({ owner, endpoints: ['http://127.0.0.1:48710'], bond: 10n * CPC - 1n })).rejects.toMatchObject({ data: { code: 'BOND_TOO_LOW', meta: { minBond: (10n * CPC).toString() } } });
    for (const endpoint of ['ftp://127.0.0.1', 'http://me@127.0.0.1', 'http://127.0.0.1/path', 'http://127.0.0.1/?a=b']) await expect(api.gateway.prepareRegister({ owner, endpoints: [endpoint], bond: 10n * CPC })).rejects.toMatchObject({ data: { code: 'BAD_ENDPOINT' } });
    const proposal = await api.gateway.prepareRegister({ owner, endpoints: ['http://127.0.0.1:48710'], bond: 12n * CPC });
    expect(proposal.calls[0]).toMatchObject({ contract: 'PDGateway', method: 'register' });
    gateway = (await signExactly(proposal, owner, 12n * CPC)).subject?.id ?? '';
    await until('held', async () => (await held()).includes(gateway));

    left = (await sign(await api.gateway.prepareRegister({ owner, endpoints: ['https://gateway.example'], bond: 10n * CPC }))).subject?.id ?? '';
    await sign(await until('indexed', () => api.gateway.prepare({ id: left, action: 'leave' })));
    await until('leaving', () => Promise.resolve(index().gateway(left as Hex)?.status === 'leaving'));
    await expect(api.gateway.prepare({ id: left, action: 'take-bond' })).rejects.toMatchObject({ data: { code: 'GATEWAY_STATE' } });
  });

  it('are registered on one sheet, and found by their text also when the program ended right after the signature', async () => {
    await expect(api.streamDesk.prepareCreate({ ...wanted(), gateways: [`0x${'77'.repeat(32)}`] })).rejects.toMatchObject({ data: { code: 'GATEWAY_UNKNOWN' } });
    await expect(api.streamDesk.prepareCreate({ ...wanted(), columns: [...wanted().columns, ...wanted().columns] })).rejects.toMatchObject({ data: { code: 'BAD_COLUMNS' } });
    const [hourly, never, proposal] = [await api.streamDesk.prepareCreate({ ...wanted(), checkpoints: 'hour' }), await api.streamDesk.prepareCreate({ ...wanted(), checkpoints: null }), await api.streamDesk.prepareCreate(wanted())];
    // 200 redemptions at four times the price of gas; checkpoints of 400 days at twice
    const price = proposal.calls[0]?.gasPrice ?? 0n;
    const redeeming = 200n * 200_000n * 4n * price;
    expect(proposal.mandate).toMatchObject({ methods: ['redeem', 'withdraw', 'checkpoint'], maxFee: redeeming + 400n * 150_000n * 2n * price });
    expect(hourly.mandate).toMatchObject({ methods: ['redeem', 'withdraw', 'checkpoint'], maxFee: redeeming + 9_600n * 150_000n * 2n * price });
    expect(never.mandate).toMatchObject({ methods: ['redeem', 'withdraw'], maxFee: redeeming });
    expect([proposal, hourly, never].map(({ fields }) => fields.find(({ key }) => key === 'checkpoints')?.value)).toEqual([{ kind: 'duration', millis: 86_400_000 }, { kind: 'duration', millis: 3_600_000 }, undefined]);
    expect(await api.streamDesk.checkpointFee()).toBe(115_000n * price);
    stream = (await api.actions.confirm({ id: proposal.id })).subject?.id ?? '';
    await node.close();
    await start();
    const found = await until('found', async () => (await search({ text: 'tallinn' })).streams[0]);
    expect(found).toMatchObject({ id: stream, title: 'Buses of Tallinn', titleZh: '塔林公交车', textState: 'ready', category: 'transport', columns: [{ name: 'speed', type: 'number', unit: 'km/h' }], gateways: 1, mine: true, mySubscription: null, measured: null, print: [] });
    expect(found.plans).toEqual([{ planId: 0, kind: 'metered', unitPrice: CPC / 1000n, window: 50, licenceId: 'PD-EVAL', active: true }]);
    expect((await search({ live: true, category: 'transport' })).categories).toEqual({ transport: 1 });
    expect((await until('on the desk', () => api.streamDesk.stream({ id: stream }))).checkpoints).toMatchObject({ plan: { every: 'day' }, last: null });
    expect(await api.streams.stream({ id: stream })).toMatchObject({ generation: 1, epochMillis: 600_000, ahead: 6, peekDelayMillis: 600_000, gatewayList: [{ id: gateway, name: '127.0.0.1:48710', state: 'unreachable', bond: 12n * CPC, mine: true }], licence: { id: 'PD-EVAL', template: { id: 'PD-EVAL' } } });
    await api.wallet.unlock({ password: PASSWORD });
    await until('held', async () => (await held()).includes(stream));
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
    expect(proposal.notes.map(({ key }) => key)).toEqual(['subscribe-pays-capped', 'subscribe-window', 'subscribe-rest', 'subscribe-over', 'subscribe-public']);
    const channel = (await signExactly(proposal, reader, 5n * CPC)).subject?.id ?? '';
    await until('open', async () => (await search({ text: 'tallinn' })).streams[0]?.mySubscription === channel);
    expect(runtime().caps.of(channel as Hex)).toBe(CPC);
    await until('held', async () => (await held()).includes(channel));

    await expect(api.streams.prepareChannel({ channel, action: 'take-back' })).rejects.toMatchObject({ data: { code: 'CHANNEL_STATE' } });
    await signExactly(await api.streams.prepareChannel({ channel, action: 'top-up', amount: 2n * CPC }), reader, 2n * CPC);
    await until('deposit', () => Promise.resolve(index().channel(channel as Hex)?.deposit === 7n * CPC));

    expect((await api.wallet.view()).accounts.map(({ inEscrow, inBonds }) => [inEscrow, inBonds])).toEqual([[0n, 22n * CPC], [7n * CPC, 0n]]);
    await signExactly(await api.streams.prepareChannel({ channel, action: 'close' }), reader, 0n);
    await until('closing', () => Promise.resolve(index().channel(channel as Hex)?.status === 'closing'));
    await expect(api.streams.prepareChannel({ channel, action: 'top-up', amount: 1n })).rejects.toMatchObject({ data: { code: 'CHANNEL_STATE' } });
    const back = await until('waited', () => api.streams.prepareChannel({ channel, action: 'take-back' }));
    await signExactly(back, reader, -7n * CPC);
    expect(await balanceOf((await api.streams.status()).addresses?.channel ?? '')).toBe(0n);
    await until('no longer held', async () => !(await held()).includes(channel));
  }, 60_000);

  it('come back from the 24 words: the own stream with its keys, the open channel with its deposit, the gateway', async () => {
    const channel = (await sign(await api.streams.prepareSubscribe({ stream, planId: 0, payer: reader, deposit: 3n * CPC, days: 30, capPerDay: null }))).subject?.id ?? '';
    await node.close();
    // Everything of the person goes; the chain and what the places serve stay.
    for (const name of readdirSync(dataDir)) if (!['practice', 'objects', 'ipfs', 'profile.json'].includes(name)) rmSync(join(dataDir, name), { recursive: true });
    for (const name of readdirSync(join(dataDir, 'practice'))) if (name !== 'chain') rmSync(join(dataDir, 'practice', name), { recursive: true });
    await start();
    expect((await api.wallet.importSeed({ words: WORDS, password: 'another password' })).accounts.map(({ address }) => address)).toEqual([owner, reader]);
    const found = await until('found', async () => (await search({ text: 'tallinn', mine: true })).streams[0]);
    expect(found).toMatchObject({ id: stream, mySubscription: channel, title: 'Buses of Tallinn' });
    await until('held', async () => (await held()).length === 4);
    expect(await held()).toEqual(expect.arrayContaining([stream, channel, gateway]));

    // And they are the keys that the chain knows.
    const { keys } = node.services;
    const { at } = runtime();
    const known = { publisher: index().stream(stream as Hex)?.publisher, payerKey: index().channel(channel as Hex)?.payerKey, signer: index().gateway(gateway as Hex)?.signer };
    const [streamId, channelId, gatewayId, hash] = [fromHex(stream), fromHex(channel), fromHex(gateway), new Uint8Array(32)];
    const receipt = { gatewayId, streamId, logId: 1n, offset: 0n, firstSeq: 0n, batchHash: hash, timeMillis: millis(0) };
    const voucher = { channelId, cumulativeUnits: 1n, cumulativeAmount: 3n * CPC, epochTo: 0, planHash: hash };
    const batch = { streamId, generation: 1, epoch: 0, runId: new Uint8Array(16), firstSeq: 0n, count: 1, prevBatchHash: hash, framesRoot: hash, epochCommit: hash, timeMillis: millis(0) };
    const signerOf = (digest: Bytes, signature: Bytes): Hex => toHex(recoverAddress(digest, concat(signature.subarray(0, 64), Uint8Array.of((signature[64] ?? 0) - 27))) ?? hash);
    expect({
      signer: signerOf(receiptDigest({ ...at, contract: at.gateway }, receipt), await keys.call('signReceipt', { receipt })),
      payerKey: signerOf(voucherDigest({ ...at, contract: at.channel }, voucher), await keys.call('signVoucher', { voucher })),
      publisher: signerOf(digest(domainSeparator({ ...at, contract: at.stream }), batchStructHash(batch)), await keys.call('signBatch', { batch })),
    }).toEqual(known);
    await expect(keys.call('signVoucher', { voucher: { ...voucher, cumulativeAmount: 3n * CPC + 1n } })).rejects.toMatchObject({ code: 'STREAM_REFUSED' });
  }, 60_000);

  it('are published from this machine, which keeps what devices sent while no gateway answers, as the desk shows', async () => {
    expect(await api.streamDesk.gateways()).toMatchObject([{ id: gateway, mine: true }]);
    await api.streamDesk.setPublishing({ id: stream, on: true });
    const added = await api.streamDesk.addSource({ id: stream, source: { kind: 'post' } });
    const [source] = added.sources;
    if (source === undefined) expect.fail('no source');
    const { token } = await api.streamDesk.sourceToken({ id: stream, source: source.id });
    const sent = await fetch(source.address, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body: '[{"speed":48.5},{"speed":50}]' });
    expect(await sent.json()).toEqual({ accepted: 2 });
    const shown = await until('what is wrong', async () => {
      const view = await api.streamDesk.stream({ id: stream });
      return view.problem !== null && view;
    });
    expect(shown.checkpoints).toEqual({ plan: null, last: null }); // the permission did not come back with the words
    expect(shown).toMatchObject({ state: 'silent', lastSeq: null, unsent: 2, problem: { code: 'GATEWAY_UNREACHABLE' }, subscribers: 1, sources: [{ kind: 'post', state: 'running', taken: 2, refused: 0 }], gatewayList: [{ id: gateway, acknowledgedSeq: null, connected: false }], subscriberList: [{ kind: 'metered', signed: 0n }] });
    const [channel] = shown.subscriberList;
    const { actsAt, epoch } = await api.streamDesk.revoke({ id: stream, channel: channel?.channel ?? '' });
    expect([actsAt >= clock.now() - 1000, epoch >= shown.keys.epoch]).toEqual([true, true]);
    expect((await api.streamDesk.stream({ id: stream })).subscriberList).toMatchObject([{ state: 'revoked' }]);
    await expect(api.streamDesk.revoke({ id: stream, channel: `0x${'77'.repeat(32)}` })).rejects.toMatchObject({ data: { code: 'CHANNEL_UNKNOWN' } });
    expect(await api.streamDesk.view()).toMatchObject({ streams: [{ state: 'silent', unsent: 2 }], earned: 0n, redeemable: 0n, redeemFee: null });
    await api.streamDesk.removeSource({ id: stream, source: source.id });
    expect(await api.streamDesk.setPublishing({ id: stream, on: false })).toMatchObject({ state: 'off', sources: [] });
  }, 60_000);

  it('pay what was signed out to the publisher, less the fee, once', async () => {
    const [entry] = index().channelsOfStream(stream as Hex).filter(({ status }) => status === 'open');
    if (entry === undefined) expect.fail('no open channel');
    const voucher = { channelId: fromHex(entry.id), cumulativeUnits: 2000n, cumulativeAmount: 2n * CPC, epochTo: 0, planHash: fromHex(entry.planHash) };
    const signature = await node.services.keys.call('signVoucher', { voucher });
    runtime().vouchers = { bestOf: () => Promise.resolve([{ voucher, signature }]) };
    await signExactly(await api.streamDesk.prepare({ id: stream, action: 'redeem' }), owner, -(2n * CPC - CPC / 100n));
    await until('paid', () => Promise.resolve(index().channel(entry.id)?.paid === 2n * CPC && index().channel(entry.id)?.fee === CPC / 100n));
    await expect(api.streamDesk.prepare({ id: stream, action: 'redeem' })).rejects.toMatchObject({ data: { code: 'NOTHING_TO_REDEEM' } });
    expect(await api.gateway.view()).toMatchObject({ registration: { id: gateway, status: 'bonded' }, earned: 2n * CPC - CPC / 100n });
  }, 60_000);

  it('get other gateways and new keys, and end; what is open is left in order', async () => {
    await expect(api.streamDesk.prepareGateways({ id: stream, gateways: [left] })).rejects.toMatchObject({ data: { code: 'GATEWAY_UNKNOWN' } });
    await sign(await api.streamDesk.prepareGateways({ id: stream, gateways: [gateway, gateway] }));
    await sign(await api.streamDesk.prepare({ id: stream, action: 'new-generation' }));
    await until('generation', async () => (await api.streams.stream({ id: stream })).generation === 2);
    await sign(await api.gateway.prepare({ id: gateway, action: 'pause' }));
    await until('paused', async () => (await api.streams.stream({ id: stream })).gatewayList[0]?.state === 'paused');
    expect((await search({ live: true })).total).toBe(0);
    await sign(await api.gateway.prepare({ id: gateway, action: 'set-endpoints', endpoints: ['http://127.0.0.1:48711/'] }));
    await sign(await until('indexed', () => api.gateway.prepare({ id: gateway, action: 'resume' })));
    await until('resumed', async () => (await api.streams.stream({ id: stream })).gatewayList[0]?.name === '127.0.0.1:48711' && (await search({ live: true })).total === 1);

    await sign(await api.streamDesk.prepare({ id: stream, action: 'end' }));
    await until('ended', async () => (await api.streams.stream({ id: stream })).status === 'ended');
    await expect(api.streams.prepareSubscribe({ stream, planId: 0, payer: reader, deposit: CPC, days: 1, capPerDay: null })).rejects.toMatchObject({ data: { code: 'STREAM_ENDED' } });
    await expect(api.streamDesk.prepare({ id: stream, action: 'end' })).rejects.toMatchObject({ data: { code: 'STREAM_ENDED' } });
    expect([(await search({})).total, (await search({ mine: true })).total]).toEqual([0, 1]);
    await until('no longer held', async () => !(await held()).includes(stream));
  }, 60_000);

  it('pay out what they owe an account on one sheet, as the wallet says', async () => {
    const [open] = index().channelsOf(reader.toLowerCase() as Hex).filter(({ status }) => status === 'open');
    if (open === undefined) expect.fail('no open channel');
    await sign(await api.streams.prepareChannel({ channel: open.id, action: 'close' }));
    await until('waited', () => api.streams.prepareChannel({ channel: open.id, action: 'take-back' }));
    const { wallet } = node.services.network();
    const to = fromHex(runtime().contracts.addresses.channel);
    // anyone may finish it; what is left then stands at the contract
    const finish = await wallet.proposals.prepare({ kind: 'program', title: '', account: fromHex(owner), calls: [{ to, value: 0n, payload: encodeFinalizeClose(open.id) }], subject: null, permissions: [] });
    await api.actions.confirm({ id: finish.id });
    await until('owed', async () => (await api.wallet.view()).accounts[1]?.withdrawable === CPC);
    const proposal = await api.orders.prepareWithdraw({ account: reader });
    expect(proposal.calls.map(({ contract, method }) => [contract, method])).toEqual([['PDChannel', 'withdraw']]);
    await signExactly(proposal, reader, -CPC);
    expect((await api.wallet.view()).accounts[1]?.withdrawable).toBe(0n);
    await expect(api.orders.prepareWithdraw({ account: reader })).rejects.toMatchObject({ data: { code: 'NOTHING_TO_WITHDRAW' } });
  }, 60_000);

  it('give the bond of a gateway that left back, to the base unit', async () => {
    const proposal = await until('left', () => api.gateway.prepare({ id: left, action: 'take-bond' }));
    await signExactly(proposal, owner, -10n * CPC);
    await until('indexed', () => Promise.resolve(index().gateway(left as Hex)?.status === 'left'));
    expect(await balanceOf((await api.streams.status()).addresses?.gateway ?? '')).toBe(12n * CPC);
  }, 60_000);
});
