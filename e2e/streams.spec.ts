import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import mqtt from 'mqtt';
import { kafkaForTests } from '../src-node/testing/kafka-for-tests.ts';
import { Mosquitto, mosquittoPath } from '../src-node/testing/mosquitto.ts';
import { balance, feesOf } from '../scripts/demo/json-rpc.ts';
import { transactionsOf } from './support/chain.ts';
import { freePort } from './support/free-port.ts';
import { accountOf, addAccount, go, openWallet, practiceMoney, sign } from './support/person.ts';
import { removeProfile, startProgram, type Program } from './support/program.ts';
import { ReaderCrowd } from './support/readers.ts';
import { keepInKafka, openPublished, openReading, part, registerStream, spending, startGateway, subscribe } from './support/streams.ts';

const CPC = 10n ** 18n;
const MILLIONTH = CPC / 1_000_000n;
const ROWS = 60;
let program: Program;
let url: string;

test.beforeEach(async ({ page }) => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  program = await startProgram(undefined, ['--rpc-port', String(port)]);
  page.setDefaultTimeout(20_000);
  await openWallet(page, program.url);
  await go(page, 'Wallet');
  await practiceMoney(page);
  await addAccount(page, 'Reader');
});
test.afterEach(async () => {
  await program.stop();
  removeProfile(program.dataDir);
});

test('a device publishes through a gateway of its own, and another account reads what it sent and pays for it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const gateway = await startGateway(page);
  await registerStream(page, { name: 'Brakes of vans', column: 'pressure', plan: 'By message', price: '0.01', gateway });
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

  await subscribe(page, 'Brakes of vans');
  const paid = await balance(url, accountOf(1));
  expect(paid < 990n * CPC && paid > 989n * CPC).toBe(true);

  const begin = Date.now();
  for (let i = 0; i < ROWS; i++) {
    const answer = await fetch(to, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ time: begin + i, pressure: i / 4 }) });
    expect(answer.status, await answer.text()).toBe(200);
  }
  await expect(page.getByRole('cell', { name: '14.75' }).first()).toBeVisible(); // the last row, as it was sent
  await expect(page.getByText('valid')).toBeVisible();
  // what is signed for and what is not make up all rows, each at its price
  await expect.poll(async () => {
    const { spent, unsigned } = await spending(page);
    return spent + unsigned;
  }).toBe(600_000n);

  const before = await balance(url, accountOf(0));
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await sign(page, /^Sign/);
  // the publisher's program takes by itself what was signed, which is more than the fee of taking it
  await expect.poll(() => balance(url, accountOf(0)), { timeout: 30_000 }).toBeGreaterThan(before);
  await part(page, 'Seller desk', 'Streams');
  await expect(page.getByText('Income, last 30 days')).toBeVisible();
});

test('a device sends to an MQTT broker, the gateway keeps it in Kafka, one of fifty readers is revoked, and nothing more is signed once it stops', async ({ page }) => {
  test.setTimeout(300_000);
  test.skip(mosquittoPath === undefined, 'there is no Mosquitto');
  const kafka = await kafkaForTests({ brokers: 1 });
  test.skip(kafka.brokers.length === 0, kafka.name);
  const folder = mkdtempSync(join(tmpdir(), 'cpchain-broker-'));
  const broker = await Mosquitto.start(folder);
  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  const sending = new AbortController();
  let crowd: ReaderCrowd | undefined;
  try {
    const gateway = await startGateway(page);
    await keepInKafka(page, kafka.brokers);
    await page.getByLabel('Open sockets').fill('10'); // fifty readers of one machine
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0);

    await registerStream(page, { name: 'Brakes of vans', column: 'pressure', plan: 'By time', price: '864', gateway, epoch: '10 seconds', ahead: 'none' });
    await page.getByRole('tab', { name: /Sources/ }).click();
    await page.getByRole('button', { name: 'Add a source' }).click();
    const source = page.getByRole('dialog');
    await source.getByRole('radio', { name: /^MQTT/ }).click();
    await source.getByRole('textbox', { name: 'Broker' }).fill(`mqtt://127.0.0.1:${broker.port}`);
    await source.getByRole('textbox', { name: 'Topic filter' }).fill('vans/+/brake');
    await source.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Start publishing' }).click();
    await expect(page.getByRole('button', { name: 'Stop publishing' })).toBeVisible();

    await subscribe(page, 'Brakes of vans', '50');
    const schema = { version: 1, columns: [{ name: 'time', type: 'time', unit: '' }, { name: 'pressure', type: 'number', unit: 'bar' }] } as const;
    crowd = await ReaderCrowd.of({ url, like: accountOf(1), schema, deposit: 20n * CPC });
    const readers = await crowd.join(50);
    const sent: number[] = [];
    const device$ = (async () => {
      while (!sending.signal.aborted) {
        sent.push(sent.length);
        await device.publishAsync('vans/7/brake', JSON.stringify({ time: Date.now(), pressure: sent.length - 1 }), { qos: 1 });
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();

    // rows as they were sent, in the window and at every reader, and what they cost rises
    await expect.poll(() => readers.filter(({ rows }) => rows.length > 0).length, { timeout: 60_000 }).toBe(50);
    await openReading(page, 'Brakes of vans');
    await expect.poll(async () => (await spending(page)).spent, { timeout: 30_000 }).toBeGreaterThan(0n);
    const first = (await spending(page)).spent;
    await expect.poll(async () => (await spending(page)).spent, { timeout: 30_000 }).toBeGreaterThan(first);
    const shown = sent.length - 1;
    await expect(page.getByRole('cell', { name: String(shown), exact: true }).first()).toBeVisible();

    // one of the fifty
    await openPublished(page, 'Brakes of vans');
    await page.getByRole('tab', { name: /Readers/ }).click();
    await page.getByRole('row', { name: new RegExp(crowd.payer.slice(-4), 'i') }).first().getByRole('button', { name: 'Revoke access' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke access' }).click();
    const revokedAt = Date.now();
    await expect(page.getByText('Access revoked')).toBeVisible();
    const { startMillis, epochMillis } = await crowd.epochs();
    const lastEpoch = Math.floor((revokedAt - startMillis) / epochMillis); // none is handed out ahead
    const after = ({ rows }: (typeof readers)[number]): number => rows.filter(({ epoch }) => epoch > lastEpoch).length;
    await expect.poll(() => readers.filter((reader) => after(reader) >= 10).length, { timeout: 60_000 }).toBe(49);
    expect(readers.filter((reader) => after(reader) === 0)).toHaveLength(1);

    // the device goes away: what it sent is with the forty-nine, without a gap, and nobody signs for silence
    sending.abort();
    await device$;
    const others = readers.filter((reader) => after(reader) > 0);
    await expect.poll(() => others.filter(({ rows }) => rows.at(-1)?.row?.['pressure'] === sent.at(-1)).length, { timeout: 30_000 }).toBe(49);
    for (const { rows, events } of others) {
      const got = rows.map(({ row }) => row?.['pressure']);
      expect(got).toEqual(sent.slice(sent.indexOf(Number(got[0]))));
      expect(events.filter(({ type }) => type === 'gap')).toEqual([]);
    }
    await openReading(page, 'Brakes of vans');
    await page.waitForTimeout(epochMillis); // the epoch that ran when it stopped may have been paid late
    const signed = others.map((reader) => reader.signed);
    const { spent } = await spending(page);
    await page.waitForTimeout(1.5 * epochMillis);
    expect(others.map((reader) => reader.signed)).toEqual(signed);
    expect((await spending(page)).spent).toBe(spent);

    // settled to the base unit, of which the contract keeps 0.5 %
    const [before, known] = [await balance(url, accountOf(0)), await transactionsOf(url, accountOf(0))];
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await sign(page, /^Sign/);
    await expect.poll(async () => {
      const since = (await transactionsOf(url, accountOf(0))).slice(known.length);
      return (await balance(url, accountOf(0))) + (await feesOf(url, since, accountOf(0))) - before;
    }, { timeout: 60_000 }).toBe((spent * MILLIONTH * 995n) / 1000n);
  } finally {
    sending.abort();
    await crowd?.leave();
    await device.endAsync();
    await broker.stop('SIGTERM');
    await kafka.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
