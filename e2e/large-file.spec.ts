import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { sha256Of, writeTable } from '../scripts/demo/large-file.ts';
import { addAccount, buy, describeSale, go, openWallet, pack, practiceMoney, publish, saveCopy } from './support/person.ts';
import { removeProfile, startProgram, type Program } from './support/program.ts';

const SIZE = 200 * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'large-file-'));
const file = join(folder, 'measured.csv');
let program: Program;

test.beforeAll(async () => {
  await writeTable(file, SIZE);
  program = await startProgram();
});
test.afterAll(async () => {
  await program.stop();
  removeProfile(program.dataDir);
  rmSync(folder, { recursive: true, force: true });
});

/** How long the page was blocked, each time it was for more than 50 ms, since this was called. */
async function watchLongTasks(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(() => {
    const blocked: number[] = [];
    Reflect.set(window, 'blockedMillis', blocked);
    new PerformanceObserver((list) => blocked.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    // Blocked once on purpose: a browser that does not tell would look like a page that never blocks.
    setTimeout(() => {
      for (const end = performance.now() + 80; performance.now() < end; );
    });
  });
  const read = (): Promise<readonly number[]> => page.evaluate(() => Reflect.get(window, 'blockedMillis') as number[]);
  await expect.poll(async () => (await read()).length).toBeGreaterThan(0);
  const before = (await read()).length;
  return async () => (await read()).slice(before);
}

test('a table of 200 MB is uploaded, described, packed, sold, verified and saved, byte for byte', async ({ page }) => {
  await openWallet(page, program.url);
  await go(page, 'Wallet');
  await practiceMoney(page);
  await addAccount(page, 'Buyer');

  const blocked = await watchLongTasks(page);
  await describeSale(page, { file, title: 'Measured series', price: '5' });
  const tasks = await blocked();
  test.info().annotations.push({ type: 'page blocked', description: `${tasks.length} times for more than 50 ms while 200 MB were uploaded and read, at most ${Math.round(Math.max(0, ...tasks))} ms` });

  await pack(page);
  await publish(page);
  await page.getByRole('link', { name: 'Open the listing' }).click();
  await buy(page);
  expect(await sha256Of(await saveCopy(page, folder))).toBe(await sha256Of(file));
});
