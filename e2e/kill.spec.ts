import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, type Page } from '@playwright/test';
import { sha256Of, writeTable } from '../scripts/demo/large-file.ts';
import { transactionsOf } from './support/chain.ts';
import { freePort } from './support/free-port.ts';
import { accountOf, addAccount, buy, describeSale, go, openWallet, pack, practiceMoney, publish, saveCopy, sign, unlock } from './support/person.ts';
import { killProgram, removeProfile, startProgram, type Program } from './support/program.ts';

const CHUNKS = 64;
const folder = mkdtempSync(join(tmpdir(), 'kill-'));
const file = join(folder, 'measured.csv');
let program: Program;
let port: number;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  await writeTable(file, (CHUNKS - 1) * 1024 * 1024);
  port = await freePort();
  program = await startProgram(undefined, ['--rpc-port', String(port)]);
});
test.afterAll(async () => {
  await program.stop();
  removeProfile(program.dataDir);
  rmSync(folder, { recursive: true, force: true });
});

/** Reads the program's own journal from outside, as it stands on disk. */
function journal(sql: string): readonly Record<string, unknown>[] {
  const practice = join(program.dataDir, 'practice');
  const name = readdirSync(practice).find((entry) => /^market-\w+\.sqlite$/.test(entry)) ?? '';
  const db = new DatabaseSync(join(practice, name), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** Ends every process of the program at the moment that the journal shows, and starts it again. */
async function killWhen(page: Page, reached: () => boolean): Promise<void> {
  await expect.poll(reached, { intervals: [5], timeout: 60_000 }).toBe(true);
  await killProgram(program);
  expect(reached()).toBe(true);
  program = await startProgram(program.dataDir, ['--rpc-port', String(port)]);
  await page.goto(program.url);
  await unlock(page);
}

const packedChunks = (): number => Number(journal('SELECT count(*) AS n FROM draft_chunk')[0]?.['n'] ?? 0);
const isFetching = (): boolean => Number(journal(`SELECT count(*) AS n FROM purchase WHERE record LIKE '%"copy":"fetching"%'`)[0]?.['n'] ?? 0) === 1;

test('killed in the middle of packing and in the middle of a purchase, both end by themselves and nothing is done twice', async ({ page }) => {
  await openWallet(page, program.url);
  await go(page, 'Wallet');
  await practiceMoney(page);
  await addAccount(page, 'Buyer');

  await describeSale(page, { file, title: 'Sold in spite of kills', price: '5' });
  await pack(page);
  await killWhen(page, () => packedChunks() > 4 && packedChunks() < CHUNKS);

  await go(page, 'Seller desk');
  await page.getByRole('button', { name: 'Publish data' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await publish(page);
  expect(packedChunks()).toBe(CHUNKS);

  await page.getByRole('link', { name: 'Open the listing' }).click();
  await buy(page);
  await killWhen(page, isFetching);

  await go(page, 'Purchases');
  await expect(page.getByRole('heading', { level: 1, name: 'Purchases' })).toBeVisible();
  await page.getByRole('row', { name: /Sold in spite of kills/ }).click();
  expect(await sha256Of(await saveCopy(page, folder))).toBe(await sha256Of(file));
  await page.getByRole('button', { name: 'Confirm and pay the seller' }).click();
  await sign(page, /confirm|pay/i);
  await expect(page.getByText('Settled. The seller is paid.')).toBeVisible();

  // As when nobody disturbs it: publish and hand over the key; buy, ready, confirm.
  const counts = await Promise.all([0, 1].map(async (index) => (await transactionsOf(`http://127.0.0.1:${port}`, accountOf(index))).length));
  expect(counts).toEqual([2, 3]);
});
