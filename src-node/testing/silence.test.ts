import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, OrderView, Proposal } from '../api/contract/index.ts';
import { router } from '../api/router.ts';
import { systemClock } from '../base/clock.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const PRICE = 5n * CPC;
const WAIT_MILLIS = 150_000;
const folder = mkdtempSync(join(tmpdir(), 'silence-'));
let node: RunningNode;
let api: ApiClient;
let seller: string;
let buyer: string;

async function until<T>(what: string, ask: () => Promise<T | null | false | undefined>): Promise<T> {
  const end = Date.now() + WAIT_MILLIS;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false && answer !== undefined) return answer;
    if (Date.now() > end) expect.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function sign(proposal: Proposal): Promise<string> {
  await api.actions.confirm({ id: proposal.id });
  await until(proposal.kind, async () => ['final', 'failed'].includes((await api.actions.get({ id: proposal.id })).state));
  const { state, subject } = await api.actions.get({ id: proposal.id });
  expect(state).toBe('final');
  return subject?.id ?? '';
}

const orderIn = (state: OrderView['state'], id: string): Promise<OrderView> =>
  until(state, async () => {
    const view = await api.orders.get({ id });
    return view.state === state && view;
  });
const owed = async (account: string): Promise<bigint> => (await api.wallet.view()).accounts.find(({ address }) => address === account)?.withdrawable ?? 0n;

beforeAll(async () => {
  const log = openNodeLog(folder, 'debug');
  node = await startNode({ dataDir: folder, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: 0, ipfsPeers: [], keysCost: 'light', workers: 2 }, { log, clock: scaledClock(40, systemClock.now()) });
  api = createRouterClient(router, { context: { services: node.services, log } });
  await api.app.chooseNetwork({ network: 'practice' });
  await api.wallet.importSeed({ words: `${'abandon '.repeat(23)}art`, password: 'correct horse' });
  [seller = '', buyer = ''] = (await api.wallet.addAccount({ name: 'Buyer' })).accounts.map(({ address }) => address);
  for (const account of [seller, buyer]) {
    await until('faucet', () => api.wallet.faucet({ account, amount: 500n * CPC }));
    await until('money', async () => ((await api.wallet.view()).accounts.find(({ address }) => address === account)?.balance ?? 0n) > 0n);
  }
  await until('market', async () => (await api.market.status()).contracts === 'ready');
  const path = join(folder, 'rows.txt');
  writeFileSync(path, 'row\n'.repeat(3000));
  const { id } = await api.publish.createDraft({ path });
  await api.publish.describe({ id, description: { title: 'Silent', summary: '', description: '', category: 'other', tags: [], personalData: false, preview: false } });
  await api.publish.setTerms({ id, terms: { price: PRICE, bond: 10n * CPC, licenceId: 'PD-EVAL', seller } });
  await api.publish.pack({ id });
  await until('packed', async () => (await api.publish.draft({ id })).state === 'packed');
  await sign(await api.publish.prepare({ id }));
}, WAIT_MILLIS);
afterAll(async () => {
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('nobody has to do anything', () => {
  it('a silent buyer: the seller is paid when the time to check is over; a silent seller: the price comes back when his time is over', async () => {
    const { id: listing } = await until('listed', async () => (await api.market.search({ text: 'silent', sort: 'newest', offset: 0, limit: 1 })).listings[0]);
    const silentBuyer = await sign(await until('offered', () => api.market.prepareBuy({ listing, planId: 0, buyer })));
    await orderIn('keyed', silentBuyer);
    const [delivery] = (await api.orders.desk()).deliveryAccounts;
    await sign(await api.orders.prepareDelivery({ seller, action: 'take-back', account: delivery?.address ?? '' }));
    const silentSeller = await sign(await api.market.prepareBuy({ listing, planId: 0, buyer }));
    await orderIn('expired', silentSeller);
    expect(await owed(buyer)).toBe(PRICE);

    await sign(await api.orders.prepareDelivery({ seller, action: 'top-up' }));
    await orderIn('settled', silentBuyer);
    expect(await owed(seller)).toBe(PRICE - (PRICE * 50n) / 10_000n);
  }, 2 * WAIT_MILLIS);
});
