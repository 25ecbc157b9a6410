/** What a person does with streams in the window. */
import { expect, type Page } from '@playwright/test';
import { freePort } from './free-port.ts';
import { go, sign } from './person.ts';

/** A part of the page that the rail leads to. */
export async function part(page: Page, place: string, name: string): Promise<void> {
  await page.getByRole('navigation').first().getByRole('link', { name: place, exact: true }).click();
  await page.getByRole('navigation', { name: 'Kinds' }).getByRole('link', { name }).click();
}

/** Registers a gateway of this machine and starts it. @returns its address */
export async function startGateway(page: Page): Promise<string> {
  const address = `http://127.0.0.1:${await freePort()}`;
  await part(page, 'Node', 'Gateway');
  await page.getByRole('button', { name: 'Register the gateway' }).click();
  await page.getByRole('dialog').getByLabel('Address').fill(address);
  await page.getByRole('dialog').getByRole('button', { name: 'Review and sign' }).click();
  await sign(page, /^Sign/);
  await expect(page.getByText('Bonded')).toBeVisible();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText(`Listens at ${address}`)).toBeVisible();
  return address;
}

/** Moves the gateway, on its own page, to a cluster that was tried first. */
export async function keepInKafka(page: Page, brokers: readonly string[]): Promise<void> {
  await page.getByRole('region', { name: 'Log engine' }).getByRole('button', { name: 'Change' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('radio', { name: /^Kafka/ }).click();
  await sheet.getByRole('textbox', { name: 'Brokers' }).fill(brokers.join(', '));
  await sheet.getByRole('checkbox', { name: /TLS/ }).click();
  await sheet.getByRole('button', { name: 'Test connection' }).click();
  await sheet.getByRole('button', { name: 'Use it' }).click();
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Log engine' }).getByText('Kafka')).toBeVisible();
}

export interface StreamSale {
  readonly name: string;
  /** Of the column beside the time. */
  readonly column: string;
  readonly plan: 'By message' | 'By time';
  /** Of a message or a day, CPC. */
  readonly price: string;
  readonly gateway: string;
  /** As the page says it; what it offers when left out. */
  readonly epoch?: string;
  readonly ahead?: string;
}

/** Ends on the page of the stream. */
export async function registerStream(page: Page, { name, column, plan, price, gateway, epoch, ahead }: StreamSale): Promise<void> {
  await part(page, 'Seller desk', 'Streams');
  await page.getByRole('button', { name: 'Publish a stream' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('One sentence about it').fill('Pressure in the brakes of a van.');
  await page.getByLabel('Name of column 2').fill(column);
  await page.getByLabel('Unit of column 2').fill('bar');
  await page.getByRole('radio', { name: new RegExp(`^${plan}`) }).click();
  await page.getByLabel(/^Price of a/).fill(price);
  if (epoch !== undefined) await page.getByLabel('Keys change every').selectOption({ label: epoch });
  if (ahead !== undefined) await page.getByLabel('Handed out ahead').selectOption({ label: ahead });
  await page.getByRole('checkbox', { name: new RegExp(gateway.slice(7)) }).click();
  await page.getByRole('button', { name: 'Review and sign' }).click();
  await sign(page, /^Sign/);
  await openPublished(page, name);
}

export async function openPublished(page: Page, name: string): Promise<void> {
  await part(page, 'Seller desk', 'Streams');
  await page.getByRole('link', { name: new RegExp(name) }).first().click();
}

/** Subscribes to a stream of the market, and ends where it is read. @param deposit CPC; what is offered when left out */
export async function subscribe(page: Page, name: string, deposit?: string): Promise<void> {
  await part(page, 'Market', 'Streams');
  await page.getByRole('link', { name: new RegExp(name) }).first().click();
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  const sheet = page.getByRole('dialog');
  if (deposit !== undefined) await sheet.getByLabel('Deposit').fill(deposit);
  await sheet.getByRole('checkbox').last().click();
  await sheet.getByRole('button', { name: /^Review/ }).click();
  await sign(page, /^Sign/);
  await openReading(page, name);
}

export async function openReading(page: Page, name: string): Promise<void> {
  await go(page, 'Streams');
  await page.getByRole('link', { name: new RegExp(name) }).first().click();
  await expect(page.getByText('via 127.0.0.1')).toBeVisible();
}

/** Millionths of a CPC that the page of a reading names. */
export async function spending(page: Page): Promise<{ readonly spent: bigint; readonly unsigned: bigint }> {
  const facts = await page.locator('main').innerText();
  const number = (name: RegExp): bigint => BigInt(Math.round(Number(name.exec(facts)?.[1]?.replaceAll(',', '') ?? NaN) * 1e6));
  return { spent: number(/Spent today\s+([\d.,]+)/), unsigned: number(/Not signed for yet\s+([\d.,]+)/) };
}
