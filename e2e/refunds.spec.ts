import { expect, test, type Page } from '@playwright/test';
import { balance, feesOf } from '../scripts/demo/json-rpc.ts';
import { fromHex, toHex, type Hex } from '../src-node/base/bytes.ts';
import { decodeBalancesResult, encodeBalances } from '../src-node/contracts/bindings/pd-escrow.gen.ts';
import type { MarketAddresses } from '../src-node/contracts/deploy.ts';
import type { Lie } from '../src-node/testing/dishonest-seller.ts';
import { callContract, transactionsOf } from './support/chain.ts';
import { Cheats } from './support/cheats.ts';
import { freePort } from './support/free-port.ts';
import { accountOf, buy, go, openWallet, practiceMoney, sign } from './support/person.ts';
import { removeProfile, startProgram, type Program } from './support/program.ts';

const CPC = 10n ** 18n;
const MONEY = 1_000n * CPC;
const PRICE = 30n * CPC;
/** A fifth of the price stands behind the order: price, 0.1 for gas, and half of the rest come back (docs/protocol/11 §4.6). */
const REFUND = PRICE + CPC / 10n + (PRICE / 5n - CPC / 10n) / 2n;
const buyer = accountOf(0);
const REFUND_TEXT = /33\.05/;

/** What the person is told of each lie, before and while he signs. */
const LIES: readonly (readonly [lie: Lie, found: RegExp, public_: RegExp])[] = [
  ['wrong-key', /key.*does not fit/i, /key of this order.*public|public.*key of this order/i],
  ['bad-key-leaf', /chunk\D*1\b/i, /anybody can then read/i],
  ['bad-unit', /unit\D*100\b/i, /public/i],
];

let cheats: Cheats;
let program: Program;
let page: Page;
let url: string;
let market: MarketAddresses;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  cheats = await Cheats.start();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  program = await startProgram(undefined, ['--rpc-port', String(port), '--ipfs-peer', cheats.ipfsAddress]);
  page = await browser.newPage();
  await openWallet(page, program.url);
  await go(page, 'Wallet');
  await practiceMoney(page);
  await expect(page.getByText(/1,000/).first()).toBeVisible();
  market = await cheats.publish(url, LIES.map(([lie]) => lie));
});
test.afterAll(async () => {
  await page.close();
  await program.stop();
  await cheats.close();
  removeProfile(program.dataDir);
});

/** What the escrow owes the buyer, by eth_call. */
async function credit(): Promise<bigint> {
  return decodeBalancesResult(fromHex(await callContract(url, market.escrow, toHex(encodeBalances(buyer)))));
}

for (const [index, [lie, found, isPublic]] of LIES.entries()) {
  test(`a seller who cheats with ${lie} is proven wrong, and the buyer is paid back more`, async () => {
    await go(page, 'Market');
    await page.getByText(`Lie ${lie}`).first().click();
    await buy(page);
    const order = (/0x[0-9a-f]{64}/.exec(page.url())?.[0] ?? '') as Hex;
    await expect.poll(() => cheats.deliver(lie, order), { timeout: 60_000 }).toBe(true);

    const prove = page.getByRole('button', { name: /prove/i });
    await expect(prove).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('main')).toContainText(REFUND_TEXT);
    await expect(page.getByRole('main')).toContainText(found);
    await expect(page.getByRole('main')).toContainText(/public/i);
    await expect(page.getByRole('button', { name: /pay the seller/i })).toHaveCount(0);
    await prove.click();
    const sheet = page.getByRole('dialog');
    await expect(sheet).toContainText(isPublic);
    await expect(sheet).toContainText(REFUND_TEXT);
    await sign(page, /prove/i);

    await expect(page.getByText('The contract agreed.')).toBeVisible();
    await expect(page.getByRole('main')).toContainText(REFUND_TEXT);
    expect(await credit()).toBe(REFUND * BigInt(index + 1));
    await go(page, 'Purchases');
    await expect(page.getByRole('row', { name: new RegExp(`Lie ${lie}`) })).toContainText(/refunded by proof|proven/i);
  });
}

test('what is owed is withdrawn from the order, exact to the base unit', async () => {
  await page.getByRole('row', { name: /Lie bad-unit/ }).click();
  await page.getByRole('button', { name: /withdraw/i }).click();
  await sign(page, /withdraw/i);
  await expect(page.getByRole('button', { name: /withdraw/i })).toHaveCount(0);
  const lies = BigInt(LIES.length);
  const hashes = await transactionsOf(url, buyer);
  // Each time: buy, ready, prove; at the end one withdrawal.
  expect(hashes).toHaveLength(3 * LIES.length + 1);
  expect(await balance(url, buyer)).toBe(MONEY - lies * PRICE + lies * REFUND - (await feesOf(url, hashes, buyer)));
  expect(await credit()).toBe(0n);
});
