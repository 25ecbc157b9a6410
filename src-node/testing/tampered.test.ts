import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, Proposal } from '../api/contract/index.ts';
import { router } from '../api/router.ts';
import { fromHex } from '../base/bytes.ts';
import { systemClock } from '../base/clock.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const PRICE = 5n * CPC;
const folder = mkdtempSync(join(tmpdir(), 'tampered-'));
const dataDir = join(folder, 'profile');
let node: RunningNode;
let api: ApiClient;
let seller: string;
let buyer: string;

async function until<T>(what: string, ask: () => Promise<T | null | false>): Promise<T> {
  const end = Date.now() + 40_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false) return answer;
    if (Date.now() > end) expect.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function sign(proposal: Proposal): Promise<string> {
  await api.actions.confirm({ id: proposal.id });
  return until(proposal.kind, async () => {
    const { state, subject } = await api.actions.get({ id: proposal.id });
    return state === 'final' && (subject?.id ?? ' ');
  });
}

beforeAll(async () => {
  const log = openNodeLog(dataDir, 'debug');
  node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: 0, ipfsPeers: [], keysCost: 'light', workers: 2 }, { log, clock: scaledClock(20, systemClock.now()) });
  api = createRouterClient(router, { context: { services: node.services, log } });
  await api.app.chooseNetwork({ network: 'practice' });
  await api.wallet.importSeed({ words: `${'abandon '.repeat(23)}art`, password: 'correct horse' });
  [seller = '', buyer = ''] = (await api.wallet.addAccount({ name: 'Buyer' })).accounts.map(({ address }) => address);
  for (const account of [seller, buyer]) await api.wallet.faucet({ account, amount: 500n * CPC });
  await until('money', async () => (await api.wallet.view()).accounts.every(({ balance }) => balance > 0n));
  await until('market', async () => (await api.market.status()).contracts === 'ready');
});
afterAll(async () => {
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sells 2 MB that lie in these places. @returns the listing */
async function sell(title: string, places: ('folder' | 'ipfs')[]): Promise<string> {
  const path = join(folder, `${title}.bin`);
  writeFileSync(path, Uint8Array.from({ length: 2_000_000 }, (_, i) => (i * 31 + title.length) & 0xff));
  const { id } = await api.publish.createDraft({ path });
  await api.publish.describe({ id, description: { title, summary: '', description: '', category: 'other', tags: [], personalData: false, preview: false } });
  await api.publish.choosePlaces({ id, places, onlyThisComputer: false });
  await api.publish.setTerms({ id, terms: { price: PRICE, bond: 10n * CPC, licenceId: 'PD-EVAL', seller } });
  await api.publish.pack({ id });
  await until('packed', async () => (await api.publish.draft({ id })).state === 'packed');
  const listing = await sign(await api.publish.prepare({ id }));
  await until('described', async () => (await api.market.listing({ id: listing })).textState === 'ready');
  return listing;
}

/** Changes one byte of the ciphertext of every chunk in the folder place. @returns what puts them right again */
function tamper(): () => void {
  const objects = join(dataDir, 'objects');
  const chunks = readdirSync(objects, { recursive: true, encoding: 'utf8' }).map((name) => join(objects, name)).filter((path) => /[0-9a-f]{64}$/.test(path) && readFileSync(path).subarray(0, 4).toString('latin1') === 'PDP1');
  expect(chunks.length).toBeGreaterThan(0);
  const flip = (): void => chunks.forEach((path) => {
    const bytes = readFileSync(path);
    bytes[bytes.length - 1000]! ^= 1;
    writeFileSync(path, bytes);
  });
  flip();
  return flip;
}

const transactionsOf = (address: string): Promise<bigint> => node.services.network().reader.nonceOf(fromHex(address.toLowerCase()));

describe('ciphertext that was changed in its place', () => {
  it('is left, and fetched from the other place', async () => {
    const listing = await sell('Two places', ['folder', 'ipfs']);
    const putRight = tamper();
    const order = await sign(await api.market.prepareBuy({ listing, planId: 0, buyer }));
    const sources = new Set<string>();
    const { copy } = await until('verified', async () => {
      const view = await api.orders.get({ id: order });
      for (const { label } of view.copy.sources) sources.add(label);
      return view.copy.state === 'verified' && view;
    });
    expect([...sources]).toEqual(['IPFS']);
    expect(readFileSync(join(copy.folder ?? '', 'Two places.bin')).equals(readFileSync(join(folder, 'Two places.bin')))).toBe(true);
    putRight();
  });

  it('is found before ready: no key is asked for, no money moves on, and it goes on when the place is right again', async () => {
    const listing = await sell('One place', ['folder']);
    const putRight = tamper();
    const before = { buyer: await transactionsOf(buyer), seller: await transactionsOf(seller) };
    const order = await sign(await api.market.prepareBuy({ listing, planId: 0, buyer }));
    const { problem } = await until('found out', async () => {
      const view = await api.orders.get({ id: order });
      return view.problem !== null && view;
    });
    expect(problem).toMatchObject({ code: 'DATA_UNAVAILABLE', help: expect.any(String) as string });
    const height = async (): Promise<number> => (await api.node.state()).head?.number ?? 0;
    const then = await height();
    await until('more blocks', async () => (await height()) > then + 5);
    const waiting = await api.orders.get({ id: order });
    expect([waiting.state, waiting.can.includes('cancel'), waiting.copy.chunksVerified]).toEqual(['funded', true, 0]);
    expect((await api.wallet.view()).accounts.find(({ address }) => address === buyer)?.inEscrow).toBe(2n * PRICE);
    expect([await transactionsOf(buyer), await transactionsOf(seller)]).toEqual([before.buyer + 1n, before.seller]);

    putRight();
    await api.orders.retry({ id: order });
    await until('verified', async () => (await api.orders.get({ id: order })).copy.state === 'verified');
    expect((await api.orders.get({ id: order })).problem).toBeNull();
  });
});
