import { expect, test, type Page } from '@playwright/test';
import { balance } from '../scripts/demo/json-rpc.ts';
import { freePort } from './support/free-port.ts';
import { accountOf, addAccount, go, openWallet, practiceMoney, sign } from './support/person.ts';
import { removeProfile, startProgram, type Program } from './support/program.ts';

const CPC = 10n ** 18n;
const ROWS = 60;
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

/** A part of the page that the rail leads to. */
async function part(page: Page, place: string, name: string): Promise<void> {
  await page.getByRole('navigation').first().getByRole('link', { name: place, exact: true }).click();
  await page.getByRole('navigation', { name: 'Kinds' }).getByRole('link', { name }).click();
}

test('a device publishes through a gateway of its own, and another account reads what it sent and pays for it', async ({ page, context }) => {
  page.setDefaultTimeout(20_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openWallet(page, program.url);
  await go(page, 'Wallet');
  await practiceMoney(page);
  await addAccount(page, 'Reader');

  await part(page, 'Node', 'Gateway');
  await page.getByRole('button', { name: 'Register the gateway' }).click();
  const gateway = `http://127.0.0.1:${await freePort()}`;
  await page.getByRole('dialog').getByLabel('Address').fill(gateway);
  await page.getByRole('dialog').getByRole('button', { name: 'Review and sign' }).click();
  await sign(page, /^Sign/);
  await expect(page.getByText('Bonded')).toBeVisible();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText(`Listens at ${gateway}`)).toBeVisible();

  await part(page, 'Seller desk', 'Streams');
  await page.getByRole('button', { name: 'Publish a stream' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Brakes of vans');
  await page.getByLabel('One sentence about it').fill('Pressure in the brakes of a van.');
  await page.getByLabel('Name of column 2').fill('pressure');
  await page.getByLabel('Unit of column 2').fill('bar');
  await page.getByLabel('Price of a message').fill('0.01');
  await page.getByRole('checkbox', { name: new RegExp(gateway.slice(7)) }).click();
  await page.getByRole('button', { name: 'Review and sign' }).click();
  await sign(page, /^Sign/);
  await page.getByRole('link', { name: /Brakes of vans/ }).first().click();
  await page.getByRole('tab', { name: /Sources/ }).click();
  await page.getByRole('button', { name: 'Add a source' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Start publishing' }).click();
  await page.getByRole('tab', { name: /Sources/ }).click();
  const device = page.getByRole('row', { name: /HTTP POST/ });
  const address = /http:\/\/127\.0\.0\.1:\d+\/[\w/]*/;
  await expect(device).toContainText(address);
  const to = address.exec(await device.innerText())?.[0] ?? '';
  await device.getByRole('button', { name: 'Copy token' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^[\w-]{20,}$/);
  const token = await page.evaluate(() => navigator.clipboard.readText());

  await part(page, 'Market', 'Streams');
  await page.getByRole('link', { name: /Brakes of vans/ }).first().click();
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await page.getByRole('dialog').getByRole('checkbox').last().click();
  await page.getByRole('dialog').getByRole('button', { name: /^Review/ }).click();
  await sign(page, /^Sign/);
  const paid = await balance(url, accountOf(1));
  expect(paid < 990n * CPC && paid > 989n * CPC).toBe(true);
  await go(page, 'Streams');
  await page.getByRole('link', { name: /Brakes of vans/ }).first().click();
  await expect(page.getByText('via 127.0.0.1')).toBeVisible();

  const begin = Date.now();
  for (let i = 0; i < ROWS; i++) {
    const answer = await fetch(to, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ time: begin + i, pressure: i / 4 }) });
    expect(answer.status, await answer.text()).toBe(200);
  }
  await expect(page.getByRole('cell', { name: '14.75' }).first()).toBeVisible(); // the last row, as it was sent
  await expect(page.getByText('valid')).toBeVisible();
  // what is signed for and what is not make up all rows, each at its price
  await expect.poll(async () => {
    const facts = await page.locator('main').innerText();
    const number = (name: RegExp): bigint => BigInt(Math.round(Number(name.exec(facts)?.[1]?.replaceAll(',', '') ?? NaN) * 1e6));
    return number(/Spent today\s+([\d.,]+)/) + number(/Not signed for yet\s+([\d.,]+)/);
  }).toBe(600_000n);

  const before = await balance(url, accountOf(0));
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await sign(page, /^Sign/);
  // the publisher's program takes by itself what was signed, which is more than the fee of taking it
  await expect.poll(() => balance(url, accountOf(0)), { timeout: 30_000 }).toBeGreaterThan(before);
  await part(page, 'Seller desk', 'Streams');
  await expect(page.getByText('Income, last 30 days')).toBeVisible();
});
