import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../api/contract/index.ts';
import { router } from '../api/router.ts';
import { toHex, type Hex } from '../base/bytes.ts';
import { systemClock } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { IpfsConnector } from '../otp/ipfs.ts';
import { DishonestSeller, LIE_PRICE, type Lie } from './dishonest-seller.ts';
import { scaledClock } from './scaled-clock.ts';

const CPC = 10n ** 18n;
const folder = mkdtempSync(join(tmpdir(), 'refunds-'));
let node: RunningNode;
let ipfs: IpfsConnector;
let api: ApiClient;
let buyer: string;

async function until<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  const end = Date.now() + 40_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null) return answer;
    if (Date.now() > end) expect.fail(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

beforeAll(async () => {
  ipfs = await IpfsConnector.start({ folder: join(folder, 'cheat'), host: '127.0.0.1', port: 0, timeoutMillis: 5000 }, { log: silentLogger });
  const dataDir = join(folder, 'buyer');
  const log = openNodeLog(dataDir, 'debug');
  node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: 0, ipfsPeers: ipfs.addresses, keysCost: 'light', workers: 2 }, { log, clock: scaledClock(20, systemClock.now()) });
  api = createRouterClient(router, { context: { services: node.services, log } });
  await api.app.chooseNetwork({ network: 'practice' });
  buyer = (await api.wallet.importSeed({ words: `${'abandon '.repeat(23)}art`, password: 'correct horse' })).defaultAccount ?? '';
  await api.wallet.faucet({ account: buyer, amount: 1000n * CPC });
  await until('market', async () => ((await api.market.status()).contracts === 'ready' ? true : null));
});
afterAll(async () => {
  await node.close();
  await ipfs.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a seller who cheats', () => {
  it.each<Lie>(['wrong-key', 'bad-key-leaf', 'bad-unit'])('with %s loses: the buyer proves it in one transaction and is paid back more', async (lie) => {
    const market = node.services.network().market.current();
    const { reader } = node.services.network();
    if (market === null) expect.fail('no market');
    const seller = new DishonestSeller(lie, { reader, ipfs, addresses: market.contracts.addresses });
    await api.wallet.faucet({ account: toHex(seller.address), amount: 100n * CPC });
    await until('funded', async () => ((await reader.balanceOf(seller.address)) > 0n ? true : null));
    const listing = await seller.publish(`Lie ${lie}`);
    await until('listed', async () => ((await api.market.listing({ id: listing })).textState === 'ready' ? true : null));

    const before = (await api.wallet.view()).accounts[0]?.withdrawable ?? 0n;
    const bought = await api.actions.confirm({ id: (await until('offered', () => api.market.prepareBuy({ listing, planId: 0, buyer }))).id });
    const id = bought.subject?.id as Hex;
    await until('key handed over', async () => ((await seller.deliver(id)) ? true : null));

    const bad = await until('found out', async () => {
      const view = await api.orders.get({ id });
      return view.copy.state === 'bad' ? view : null;
    });
    expect(bad.proof).toMatchObject({ kind: lie, chunk: lie === 'wrong-key' ? null : 1, unit: lie === 'bad-unit' ? 100 : null, makesKeyPublic: lie === 'bad-key-leaf' });
    expect(bad.can).toContain('prove');
    expect(bad.can).not.toContain('confirm');
    const proof = await api.orders.prepare({ id, action: 'prove' });
    await api.actions.confirm({ id: proof.id });
    await until('judged', async () => ((await api.orders.get({ id })).state === 'fraud' ? true : null));

    // 20 % of 30 CPC stood behind the order: price + 0.1 + half of the rest comes back (docs/protocol/11 §4.6).
    const refund = LIE_PRICE + CPC / 10n + (6n * CPC - CPC / 10n) / 2n;
    expect(bad.proof?.refund).toBe(refund);
    expect(await market.reads.balance(new Uint8Array(Buffer.from(buyer.slice(2), 'hex')))).toBe(before + refund);
    expect(market.index.listing(listing)?.bondFree).toBe(14n * CPC);
  });
});
