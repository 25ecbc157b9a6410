import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApiClient, Proposal } from '../api/contract/index.ts';
import { router } from '../api/router.ts';
import { systemClock } from '../base/clock.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const PASSWORD = 'correct horse';
const WORDS = `${'abandon '.repeat(23)}art`;
const folder = mkdtempSync(join(tmpdir(), 'restore-'));
const dataDir = join(folder, 'profile');
const clock = scaledClock(20, systemClock.now());
const content = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `row ${i}\n`).join(''));
let running: RunningNode | null = null;

afterAll(async () => {
  await running?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<ApiClient> {
  const log = openNodeLog(dataDir, 'debug');
  running = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: 0, ipfsPeers: [], keysCost: 'light', workers: 2 }, { log, clock });
  return createRouterClient(router, { context: { services: running.services, log } });
}

async function until<T>(what: string, ask: () => Promise<T | null | false>): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false) return answer;
    if (Date.now() > end) expect.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function sign(api: ApiClient, proposal: Proposal): Promise<string> {
  await api.actions.confirm({ id: proposal.id });
  return until(proposal.kind, async () => {
    const { state, subject } = await api.actions.get({ id: proposal.id });
    if (state === 'failed') expect.fail(`${proposal.kind} failed`);
    return state === 'final' && (subject?.id ?? ' ');
  });
}

async function fund(api: ApiClient, account: string): Promise<void> {
  await until('faucet', async () => api.wallet.faucet({ account, amount: 500n * CPC }).then(() => true));
  await until('money', async () => ((await api.wallet.view()).accounts.find(({ address }) => address === account)?.balance ?? 0n) > 0n);
}

const verified = (api: ApiClient, id: string) =>
  until('verified', async () => {
    const view = await api.orders.get({ id });
    return view.copy.state === 'verified' && view;
  });

describe('a profile that is gone', () => {
  it('comes back from the 24 words: accounts, purchase, and the key of the own version', async () => {
    let api = await start();
    await api.app.chooseNetwork({ network: 'practice' });
    await api.wallet.importSeed({ words: WORDS, password: PASSWORD });
    const [seller = '', buyer = ''] = (await api.wallet.addAccount({ name: 'Buyer' })).accounts.map(({ address }) => address);
    await fund(api, seller);
    await fund(api, buyer);
    const path = join(folder, 'rows.txt');
    writeFileSync(path, content);
    const { id } = await api.publish.createDraft({ path });
    await api.publish.describe({ id, description: { title: 'Rows to restore', summary: '', description: '', category: 'other', tags: [], personalData: false, preview: false } });
    await api.publish.setTerms({ id, terms: { price: 5n * CPC, bond: 10n * CPC, licenceId: 'PD-EVAL', seller } });
    await api.publish.pack({ id });
    await until('packed', async () => (await api.publish.draft({ id })).state === 'packed');
    await sign(api, await api.publish.prepare({ id }));
    const listing = (await until('listed', async () => (await api.market.search({ text: 'restore', sort: 'newest', offset: 0, limit: 1 })).listings[0] ?? null)).id;
    const order = await sign(api, await api.market.prepareBuy({ listing, planId: 0, buyer }));
    await verified(api, order);
    await sign(api, await api.orders.prepare({ id: order, action: 'confirm' }));
    await running?.close();
    running = null;

    // Everything of the person goes; the chain and what the places serve stay.
    for (const name of readdirSync(dataDir)) if (name !== 'practice' && name !== 'objects' && name !== 'ipfs' && name !== 'profile.json') rmSync(join(dataDir, name), { recursive: true });
    for (const name of readdirSync(join(dataDir, 'practice'))) if (name !== 'chain') rmSync(join(dataDir, 'practice', name), { recursive: true });

    api = await start();
    const restored = await api.wallet.importSeed({ words: WORDS, password: 'another password' });
    expect(restored.accounts.map(({ address }) => address)).toEqual([seller, buyer]);
    await until('indexed', async () => (await api.orders.list({ role: 'buyer', state: 'all' })).length === 1);
    await until('described', async () => (await api.market.listing({ id: listing })).textState === 'ready');
    await api.orders.retry({ id: order });
    const view = await verified(api, order);
    expect(readFileSync(join(view.copy.folder ?? '', 'rows.txt')).equals(content)).toBe(true);

    // The restored seller hands the same version over again by himself: the delivery account comes from the words too.
    const third = (await api.wallet.addAccount({ name: 'Second buyer' })).accounts[2]?.address ?? '';
    await fund(api, third);
    const second = await sign(api, await api.market.prepareBuy({ listing, planId: 0, buyer: third }));
    await verified(api, second);
  });
});
