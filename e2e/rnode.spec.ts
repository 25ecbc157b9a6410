import { expect, test } from '@playwright/test';
import { go, openWallet, practiceMoney } from './support/person.ts';
import { removeProfile, startProgram, type Program } from './support/program.ts';

const DEPOSIT = '200001';
let program: Program;

test.beforeAll(async () => {
  program = await startProgram();
});
test.afterAll(async () => {
  await program.stop();
  removeProfile(program.dataDir);
});

test('who locks a deposit sees at once that it is there, and when it can leave', async ({ page }) => {
  await openWallet(page, program.url);
  await go(page, 'Wallet');
  await practiceMoney(page, DEPOSIT);
  await go(page, 'RNode');
  await expect(page.getByText('Nobody has locked a deposit yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Review and join' }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByText('Main').first()).toBeVisible();
  await sheet.getByText('Press twice instead of holding').click();
  const sign = sheet.getByRole('button', { name: /^(Sign and join|Press again)/ });
  await sign.press('Enter');
  await sign.press('Enter');
  await expect(sheet.getByText('Final. It cannot be called back.')).toBeVisible();
  await sheet.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByRole('heading', { name: 'You are an RNode' })).toBeVisible();
  await expect(page.getByRole('row', { name: /Main.*200,000\.00/ }).getByRole('button', { name: 'Leave' })).toHaveAttribute('aria-disabled', 'true');
  await go(page, 'Home');
  await expect(page.getByText('Not an RNode')).toHaveCount(0);
});
