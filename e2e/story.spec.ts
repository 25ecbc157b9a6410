import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { removeProfile, startProgram, type Program } from './support/program.ts';

const PASSWORD = 'correct horse battery';
const table = fileURLToPath(new URL('../node_modules/vega-datasets/data/seattle-weather.csv', import.meta.url));
let program: Program;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  program = await startProgram();
});
test.afterAll(async () => {
  await program.stop();
  removeProfile(program.dataDir);
});

/** Signs what the sheet shows and closes it when its transaction is in a block. */
async function sign(page: Page, name: RegExp): Promise<void> {
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name }).click();
  await expect(sheet.getByText('Final. It cannot be called back.')).toBeVisible();
  await sheet.getByRole('button', { name: /^Close$/ }).last().click();
  await expect(sheet).toHaveCount(0);
}

async function go(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').first().getByRole('link', { name }).click();
}

async function practiceMoney(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Practice money' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').first().fill('1000');
  await dialog.getByRole('button', { name: 'Get it' }).click();
  await expect(dialog).toHaveCount(0);
}

async function sell(page: Page, file: string, title: string, price: string): Promise<void> {
  await go(page, 'Seller desk');
  await page.getByRole('button', { name: 'Publish data' }).click();
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: 'Describe it' }).click({ timeout: 60_000 });
  await page.getByLabel('Title', { exact: true }).fill(title);
  await page.getByLabel('Summary').fill('Days with rain, snow and sun, and how warm they were.');
  await page.getByRole('button', { name: 'Choose storage' }).click();
  await page.getByRole('button', { name: 'Set the price' }).click();
  await page.getByLabel('Price', { exact: true }).fill(price);
  await page.getByRole('button', { name: 'Review', exact: true }).click();
  await page.getByRole('button', { name: 'Pack and store' }).click();
  await page.getByRole('button', { name: 'Review and publish' }).click({ timeout: 120_000 });
  await sign(page, /publish/i);
  await expect(page.getByText('Published.')).toBeVisible();
}

test('a person makes a wallet, sells a real table, buys it with a second account, and is paid', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(program.url);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: /words/i }).last().click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Words', { exact: true }).fill(`${'abandon '.repeat(23)}art`);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open the wallet' }).click();

  await go(page, 'Wallet');
  await practiceMoney(page);
  await page.getByRole('button', { name: 'Add an account' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Buyer');
  await page.getByRole('dialog').getByRole('button', { name: 'Add account' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: /Buyer/ }).first().click();
  await practiceMoney(page);
  await expect(page.getByText(/1,000/).first()).toBeVisible();

  await sell(page, table, 'Seattle weather', '12.5');
  await page.getByRole('link', { name: 'Open the listing' }).click();
  await expect(page.getByRole('heading', { name: 'Seattle weather' })).toBeVisible();
  await page.getByRole('button', { name: 'Review and buy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign and buy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Open the order' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const save = page.getByRole('link', { name: 'Save a copy' });
  await expect(save).toBeVisible({ timeout: 60_000 });
  const file = await page.request.get(new URL((await save.getAttribute('href')) ?? '', page.url()).href);
  const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  expect(sha(await file.body())).toBe(sha(readFileSync(table)));
  await page.getByRole('button', { name: 'Confirm and pay the seller' }).click();
  await sign(page, /confirm|pay/i);
  await expect(page.getByText('Settled. The seller is paid.')).toBeVisible();

  await go(page, 'Seller desk');
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await sign(page, /withdraw/i);
  await expect(page.getByText('12.4375').first()).toBeVisible();
  await expect(page.getByText('To withdraw').locator('xpath=following-sibling::dd')).toHaveText(/^0/);
  expect(problems).toEqual([]);
});

test('the program is killed and started again: everything is there, behind the password', async ({ page }) => {
  process.kill(-(program.process.pid ?? 0), 'SIGKILL');
  await new Promise((resolve) => program.process.once('exit', resolve));
  program = await startProgram(program.dataDir);
  await page.goto(program.url);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect(page.getByText('This password does not open').or(page.getByText('Wrong password')).or(page.locator('[aria-invalid=true]')).first()).toBeVisible();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
  await go(page, 'Purchases');
  await page.getByText('Seattle weather').click();
  await expect(page.getByText('Settled. The seller is paid.')).toBeVisible();
});

test('an empty file is refused in words', async ({ page }) => {
  program = await restarted(program);
  await page.goto(program.url);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
  const empty = join(mkdtempSync(join(tmpdir(), 'empty-')), 'nothing.csv');
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
