/** What a person does in the window, found by role and meaning. */
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { toHex, type Hex } from '../../src-node/base/bytes.ts';
import { addressOf } from '../../src-node/crypto/secp256k1.ts';
import { entropyOf, seedKeys } from '../../src-node/keys/seed.ts';

const PASSWORD = 'correct horse battery';
const WORDS = `${'abandon '.repeat(23)}art`;

/** Address of an account of the known words. */
export function accountOf(index: number): Hex {
  return toHex(addressOf(seedKeys(entropyOf(WORDS)).account(index)));
}

/** The first hour: practice network, known words. */
export async function openWallet(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: /words/i }).last().click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Words', { exact: true }).fill(WORDS);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open the wallet' }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
}

/** On the page that a program with a wallet begins with. */
export async function unlock(page: Page, password: string = PASSWORD): Promise<void> {
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Unlock', exact: true }).click();
}

export async function go(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').first().getByRole('link', { name }).click();
}

/** For the account that is open on the Wallet page. */
export async function practiceMoney(page: Page, amount = '1000'): Promise<void> {
  await page.getByRole('button', { name: 'Practice money' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').first().fill(amount);
  await dialog.getByRole('button', { name: 'Get it' }).click();
  await expect(dialog).toHaveCount(0);
}

/** A second account with money, open on the Wallet page. */
export async function addAccount(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add an account' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Add account' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: new RegExp(name) }).first().click();
  await practiceMoney(page);
  await expect(page.getByText(/1,000/).first()).toBeVisible();
}

/** Signs what the sheet shows and closes it when its transaction is in a block. */
export async function sign(page: Page, name: RegExp): Promise<void> {
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name }).click();
  await expect(sheet.getByText('Final. It cannot be called back.')).toBeVisible();
  await sheet.getByRole('button', { name: /^Close$/ }).last().click();
  await expect(sheet).toHaveCount(0);
}

/** Brings a file to the program and describes its sale, up to the packing. */
export async function describeSale(page: Page, sale: { readonly file: string; readonly title: string; readonly price: string }): Promise<void> {
  await go(page, 'Seller desk');
  await page.getByRole('button', { name: 'Publish data' }).click();
  await page.locator('input[type=file]').setInputFiles(sale.file);
  await page.getByRole('button', { name: 'Describe it' }).click({ timeout: 60_000 });
  await page.getByLabel('Title', { exact: true }).fill(sale.title);
  await page.getByLabel('Summary').fill('Sold by a test, bought by another account.');
  await page.getByRole('button', { name: 'Choose storage' }).click();
  await page.getByRole('button', { name: 'Set the price' }).click();
  await page.getByLabel('Price', { exact: true }).fill(sale.price);
  await page.getByRole('button', { name: 'Review', exact: true }).click();
}

export async function pack(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pack and store' }).click();
}

/** From the packed draft, or one whose packing runs, to the listing. */
export async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review and publish' }).click({ timeout: 120_000 });
  await sign(page, /publish/i);
  await expect(page.getByText('Published.')).toBeVisible();
}

/** Buys the listing that is open, and ends on the order's page. */
export async function buy(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review and buy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign and buy' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Open the order' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** Takes the bought file out of the program, as a download. @returns where it lies */
export async function saveCopy(page: Page, folder: string): Promise<string> {
  const save = page.getByRole('link', { name: 'Save a copy' });
  await expect(save).toBeVisible({ timeout: 120_000 });
  const downloading = page.waitForEvent('download');
  await save.click();
  const path = join(folder, 'copy');
  await (await downloading).saveAs(path);
  return path;
}
