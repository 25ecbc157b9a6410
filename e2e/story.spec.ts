import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { sha256Of } from '../scripts/demo/large-file.ts';
import { transactionsOf } from './support/chain.ts';
import { freePort } from './support/free-port.ts';
import { accountOf, addAccount, buy, describeSale, go, openWallet, pack, practiceMoney, publish, saveCopy, sign, unlock } from './support/person.ts';
import { killProgram, removeProfile, startProgram, type Program } from './support/program.ts';

const table = fileURLToPath(new URL('../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'story-'));
let program: Program;
let port: number;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  port = await freePort();
  program = await startProgram(undefined, ['--rpc-port', String(port)]);
});
test.afterAll(async () => {
  await program.stop();
  removeProfile(program.dataDir);
  rmSync(folder, { recursive: true, force: true });
});

test('a person makes a wallet, sells a real table, buys it with a second account, and is paid', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await openWallet(page, program.url);

  await go(page, 'Wallet');
  await practiceMoney(page);
  await addAccount(page, 'Buyer');

  await describeSale(page, { file: table, title: 'Seattle weather', price: '12.5' });
  await pack(page);
  await publish(page);
  await page.getByRole('link', { name: 'Open the listing' }).click();
  await expect(page.getByRole('heading', { name: 'Seattle weather' })).toBeVisible();
  await buy(page);
  expect(await sha256Of(await saveCopy(page, folder))).toBe(await sha256Of(table));
  await page.getByRole('button', { name: 'Confirm and pay the seller' }).click();
  await sign(page, /confirm|pay/i);
  await expect(page.getByText('Settled. The seller is paid.')).toBeVisible();

  await go(page, 'Seller desk');
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await sign(page, /withdraw/i);
  await expect(page.getByText('12.4375').first()).toBeVisible();
  await expect(page.getByText('To withdraw').locator('xpath=following-sibling::dd')).toHaveText(/^0/);
  // Publish, hand over the key, withdraw; buy, ready, confirm.
  const counts = await Promise.all([0, 1].map(async (index) => (await transactionsOf(`http://127.0.0.1:${port}`, accountOf(index))).length));
  expect(counts).toEqual([3, 3]);
  expect(problems).toEqual([]);
});

test('the program is killed and started again: everything is there, behind the password', async ({ page }) => {
  await killProgram(program);
  program = await startProgram(program.dataDir);
  await page.goto(program.url);
  await unlock(page, 'not the password');
  await expect(page.getByText('This password does not open').or(page.getByText('Wrong password')).or(page.locator('[aria-invalid=true]')).first()).toBeVisible();
  await unlock(page);
  await go(page, 'Purchases');
  await page.getByText('Seattle weather').click();
  await expect(page.getByText('Settled. The seller is paid.')).toBeVisible();
});

test('an empty file is refused in words', async ({ page }) => {
  program = await restarted(program);
  await page.goto(program.url);
  await unlock(page);
  const empty = join(folder, 'nothing.csv');
  writeFileSync(empty, '');
  await go(page, 'Seller desk');
  await page.getByRole('button', { name: 'Publish data' }).click();
  await page.locator('input[type=file]').setInputFiles(empty);
  await expect(page.getByText('The file is empty')).toBeVisible();
});

async function restarted(running: Program): Promise<Program> {
  await running.stop();
  return startProgram(running.dataDir);
}
