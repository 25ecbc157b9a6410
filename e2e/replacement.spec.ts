import { expect, test, type Page } from '@playwright/test';
import { balance } from '../scripts/demo/json-rpc.ts';
import { CROWD_GWEI, fillBlocks } from './support/crowd.ts';
import { freePort } from './support/free-port.ts';
import { accountOf, go, openWallet, practiceMoney } from './support/person.ts';
import { removeProfile, startProgram, type Program } from './support/program.ts';

const SHOP = '0x00000000000000000000000000000000000c0ffe';
const CPC = 10n ** 18n;
const GIGA = 10n ** 9n;
const TRANSFER_GAS = 21_000n;
/** More than everybody else pays. */
const [FASTER, DEARER] = [CROWD_GWEI + 100n, CROWD_GWEI + 200n];
let program: Program;
let url: string;

test.beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  program = await startProgram(undefined, ['--rpc-port', String(port)]);
});
test.afterAll(async () => {
  await program.stop();
  removeProfile(program.dataDir);
});

test('while blocks are full one payment is sped up and one is cancelled, to the base unit', async ({ page }) => {
  await openWallet(page, program.url);
  await go(page, 'Wallet');
  await practiceMoney(page);
  await expect(page.getByText(/1,000/).first()).toBeVisible();
  await fillBlocks(url, 40);

  const waiting = page.getByRole('region', { name: 'Waiting for a block' });
  await pay(page, '12.5');
  await expect(waiting.getByText('Sent, but no block has it yet.')).toBeVisible();
  expect(await balance(url, SHOP)).toBe(0n);
  await waiting.getByRole('button', { name: 'Speed up' }).click();
  await offer(page, FASTER);
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByText(/only one of the two can be mined, so it is paid once/)).toBeVisible();
  await sheet.getByRole('button', { name: 'Sign and speed up' }).click();
  await expect(sheet.getByText('Final. It cannot be called back.')).toBeVisible();
  await close(page);
  await expect(waiting).toHaveCount(0);
  const left = 1000n * CPC - (25n * CPC) / 2n - TRANSFER_GAS * FASTER * GIGA;
  expect([await balance(url, SHOP), await balance(url, accountOf(0))]).toEqual([(25n * CPC) / 2n, left]);

  await pay(page, '7');
  await waiting.getByRole('button', { name: 'Cancel' }).click();
  await offer(page, DEARER);
  await sheet.getByRole('button', { name: 'Sign the cancellation' }).click();
  await expect(sheet.getByText('Nothing but the fee of 0.0168 CPC has left.').or(sheet.getByText('Cancelled for good. Only the fee has left.')).first()).toBeVisible();
  await close(page);
  await expect(page.getByRole('row', { name: /Cancelled: Send/ })).toBeVisible();
  expect([await balance(url, SHOP), await balance(url, accountOf(0))]).toEqual([(25n * CPC) / 2n, left - TRANSFER_GAS * DEARER * GIGA]);
});

async function pay(page: Page, amount: string): Promise<void> {
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('To', { exact: true }).fill(SHOP);
  await sheet.getByLabel('Amount', { exact: true }).fill(amount);
  await sheet.getByRole('button', { name: 'Review' }).click();
  await sheet.getByRole('button', { name: 'Sign and send' }).click();
  await expect(sheet.getByText('Sent, but no block has it yet.')).toBeVisible();
  await close(page);
}

async function offer(page: Page, gwei: bigint): Promise<void> {
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Gas price').fill(String(gwei));
  await sheet.getByRole('button', { name: 'Review' }).click();
}

async function close(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}
