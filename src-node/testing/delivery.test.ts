import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, OrderView, Proposal } from '../api/contract/index.ts';
import { router } from '../api/router.ts';
import { fromHex } from '../base/bytes.ts';
import { systemClock } from '../base/clock.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const PASSWORD = 'correct horse';
const PRICE = 5n * CPC;
const folder = mkdtempSync(join(tmpdir(), 'delivery-'));
const clock = scaledClock(20, systemClock.now());

interface Program {
  readonly node: RunningNode;
  readonly api: ApiClient;
}

let seller: Program;
let buyer: Program;
let sellerAddress: string;
let buyerAddress: string;
let listing: string;

async function start(name: string, ipfsPeers: readonly string[]): Promise<Program> {
  const dataDir = join(folder, name);
  const log = openNodeLog(dataDir, 'debug');
  const node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: 0, ipfsPeers, keysCost: 'light', workers: 2 }, { log, clock });
  return { node, api: createRouterClient(router, { context: { services: node.services, log } }) };
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

async function sign({ api }: Program, proposal: Proposal): Promise<string> {
  await api.actions.confirm({ id: proposal.id });
  await until(proposal.kind, async () => {
    const { state } = await api.actions.get({ id: proposal.id });
    return state === 'final' || state === 'failed';
  });
  const { state, subject, error } = await api.actions.get({ id: proposal.id });
  expect({ state, error }).toEqual({ state: 'final', error: null });
  return subject?.id ?? '';
}

async function newWallet({ api }: Program, words: string): Promise<string> {
  const account = (await api.wallet.importSeed({ words, password: PASSWORD })).defaultAccount ?? '';
  await until('faucet', () => api.wallet.faucet({ account, amount: 500n * CPC }));
  await until('money', async () => ((await api.wallet.view()).accounts[0]?.balance ?? 0n) > 0n);
  return account;
}

const buy = async (): Promise<string> => sign(buyer, await until('offered', () => buyer.api.market.prepareBuy({ listing, planId: 0, buyer: buyerAddress })));
const orderIn = (state: OrderView['state'], id: string): Promise<OrderView> =>
  until(state, async () => {
    const view = await buyer.api.orders.get({ id });
    return view.state === state && view;
  });
const account = async () => (await seller.api.orders.desk()).deliveryAccounts.find(({ listings }) => listings > 0);

beforeAll(async () => {
  seller = await start('seller', []);
  await seller.api.app.chooseNetwork({ network: 'practice' });
  sellerAddress = await newWallet(seller, `${'abandon '.repeat(23)}art`);
  const remoteUrl = (await seller.api.node.state()).rpcUrl;
  if (remoteUrl === null) expect.fail('no JSON-RPC');
  buyer = await start('buyer', seller.node.ipfsAddresses);
  await buyer.api.app.chooseNetwork({ network: 'practice', remoteUrl });
  buyerAddress = await newWallet(buyer, `${'zoo '.repeat(23)}vote`);
  await until('market', async () => (await buyer.api.market.status()).contracts === 'ready' && (await seller.api.market.status()).contracts === 'ready');

  const path = join(folder, 'rows.txt');
  writeFileSync(path, 'row\n'.repeat(3000));
  const { id } = await seller.api.publish.createDraft({ path });
  await seller.api.publish.describe({ id, description: { title: 'Answered by itself', summary: '', description: '', category: 'other', tags: [], personalData: false, preview: false } });
  await seller.api.publish.setTerms({ id, terms: { price: PRICE, bond: 10n * CPC, licenceId: 'PD-EVAL', seller: sellerAddress } });
  await seller.api.publish.pack({ id });
  await until('packed', async () => (await seller.api.publish.draft({ id })).state === 'packed');
  await sign(seller, await seller.api.publish.prepare({ id }));
  listing = (await until('listed', async () => (await buyer.api.market.search({ text: 'answered', sort: 'newest', offset: 0, limit: 1 })).listings[0])).id;
});
afterAll(async () => {
  await buyer.node.close();
  await seller.node.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a delivery account', () => {
  it('hands the key over while the wallet is locked, and pays for it', async () => {
    const before = await until('answering', async () => {
      const found = await account();
      return found?.state === 'on' && found;
    });
    expect(before.answersLeft).toBeGreaterThan(100);
    await seller.api.wallet.lock();
    const order = await orderIn('keyed', await buy());
    expect((await seller.api.wallet.view()).state).toBe('locked');
    expect(await seller.api.orders.needsYou()).toEqual([]);
    const { reader } = seller.node.services.network();
    const block = await reader.block(BigInt(order.timeline.find(({ key }) => key === 'keyed')?.block ?? 0));
    const sent = block?.transactions.find(({ from }) => Buffer.from(from).equals(Buffer.from(fromHex(before.address))));
    const receipt = sent === undefined ? null : await reader.receipt(sent.hash);
    expect(receipt?.ok).toBe(true);
    expect((await account())?.balance).toBe(before.balance - (receipt?.gasUsed ?? 0n) * (sent?.gasPrice ?? 0n));
  });

  it('waits for its owner after a start of the program, and says so with the clock', async () => {
    await seller.node.close();
    seller = await start('seller', []);
    const remoteUrl = await until('JSON-RPC', async () => (await seller.api.node.state()).rpcUrl);
    await buyer.api.app.chooseNetwork({ network: 'practice', remoteUrl });
    await until('connected', async () => (await buyer.api.market.status()).contracts === 'ready');
    const id = await buy();
    await orderIn('ready', id);
    const [need] = await until('needs you', async () => {
      const found = await seller.api.orders.needsYou();
      return found.length > 0 && found;
    });
    expect(need).toMatchObject({ key: 'unlock-to-deliver', subject: { kind: 'order', id }, amount: PRICE });
    expect(need?.deadline).toBeGreaterThan(0);
    expect((await seller.api.orders.desk()).delivering).toEqual({ on: false, reason: 'locked' });
    await seller.api.wallet.unlock({ password: PASSWORD });
    await orderIn('keyed', id);
    expect((await seller.api.orders.desk()).delivering).toEqual({ on: true, reason: null });
  });

  it('is replaced in one sheet; what is left on the old one comes back to the base unit', async () => {
    const old = await until('account', account);
    await sign(seller, await seller.api.orders.prepareDelivery({ seller: sellerAddress, action: 'replace' }));
    const next = await until('replaced', async () => {
      const found = await account();
      return found !== undefined && found.address !== old.address && found.state === 'on' && found;
    });
    expect(next.balance).toBeGreaterThan(0n);
    const { reader } = seller.node.services.network();
    const before = await reader.balanceOf(fromHex(sellerAddress));
    await sign(seller, await seller.api.orders.prepareDelivery({ seller: sellerAddress, action: 'take-back', account: old.address }));
    expect(await reader.balanceOf(fromHex(old.address))).toBe(0n);
    const fee = 21_000n * (await reader.gasPrice());
    expect(await reader.balanceOf(fromHex(sellerAddress))).toBe(before + old.balance - fee);
    await seller.api.wallet.lock();
    await orderIn('keyed', await buy());
  });

  it('that ran dry leaves the key to its owner', async () => {
    await seller.api.wallet.unlock({ password: PASSWORD });
    const { address } = await until('account', account);
    await sign(seller, await seller.api.orders.prepareDelivery({ seller: sellerAddress, action: 'take-back', account: address }));
    expect((await seller.api.orders.desk()).delivering).toEqual({ on: false, reason: 'no-gas' });
    const id = await buy();
    await orderIn('ready', id);
    await until('needs you', async () => (await seller.api.orders.needsYou()).some(({ key, subject }) => key === 'post-key' && subject.id === id));
    expect((await seller.api.orders.get({ id })).problem?.code).toBe('DELIVERY_NO_GAS');
    await sign(seller, await seller.api.orders.prepareDelivery({ seller: sellerAddress, action: 'top-up' }));
    await orderIn('keyed', id);
  });
});
