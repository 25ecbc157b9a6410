import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readVectorJson } from '../src-node/testing/vectors.ts';
import { go } from './support/person.ts';
import { removeProfile, startProgram, type Program } from './support/program.ts';

const [key] = readVectorJson<readonly { readonly address: string; readonly password: string; readonly json: Readonly<Record<string, unknown>> }[]>('keystore/keystore.json');
const PASSWORD = 'correct horse battery';
const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
let program: Program;

test.beforeAll(async () => {
  program = await startProgram();
});
test.afterAll(async () => {
  await program.stop();
  removeProfile(program.dataDir);
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('an address with no code or a wrong one opens nothing; a broken key file and its wrong password are named, then the right ones open', async ({ page, browser }) => {
  for (const address of [program.url.replace(/#.*/, ''), program.url.replace(/code=.*/, 'code=wrong')]) {
    const stranger = await browser.newPage();
    await stranger.goto(address);
    await expect(stranger.getByRole('heading').first()).toBeVisible();
    await expect(stranger.getByRole('button')).toHaveCount(0);
    expect((await stranger.request.get(new URL('/files/0x00', address).href)).status()).toBe(401);
    await stranger.close();
  }

  await page.goto(program.url);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('radio', { name: /key(store)? file/i }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  const file = page.locator('input[type=file]');
  const open = page.getByRole('button', { name: 'Open the wallet' });
  const alert = page.getByRole('alert').first();
  const attempt = async (path: string, password: string): Promise<void> => {
    await file.setInputFiles(path);
    await expect(page.getByText(path.split('/').at(-1) ?? '')).toBeVisible();
    await page.getByLabel('Password of the file').fill(password);
    await open.click();
  };
  const good = JSON.stringify(key?.json);
  const password = key?.password ?? '';
  // Neighbours fail differently, so that each panel is seen to be its own.
  const bad: readonly (readonly [name: string, text: string, password: string, code: string])[] = [
    ['cut.json', good.slice(0, 200), password, 'BAD_KEYSTORE'],
    ['wrong-password.json', good, 'not it', 'WRONG_PASSWORD'],
    ['other.json', '{"hello":"world"}', password, 'BAD_KEYSTORE'],
    ['costly.json', good.replace('"n":4096', '"n":1073741824'), password, 'KEYSTORE_TOO_COSTLY'],
    ['changed.json', JSON.stringify({ ...key?.json, address: '00'.repeat(20) }), password, 'BAD_KEYSTORE'],
  ];
  for (const [name, text, filePassword, code] of bad) {
    await attempt(fileOf(name, text), filePassword);
    await expect(alert).toContainText(code);
  }
  await attempt(fileOf('right.json', good), password);
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await go(page, 'Wallet');
  await expect(page.getByText(new RegExp(key?.address.slice(0, 6) ?? 'none', 'i')).first()).toBeVisible();
});
