/** A program's request that is ready only when the person has turned to something else. */
import { expect, test, type Page } from '@playwright/test';
import { serveSamplePage, type SamplePage } from '../support/sample-page.ts';

const TO = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
let sample: SamplePage;

test.beforeAll(async () => { sample = await serveSamplePage(); });
test.afterAll(async () => sample.stop());

type Prepare = (input: unknown) => Promise<unknown>;
interface Held { sampleApi: { requests: { prepare: Prepare } }; letGo: () => void }

/** Looks at the request, whose sheet is not there before it is let go, and opens the form to send. */
async function lookAndSend(page: Page): Promise<void> {
  await page.goto(`${sample.url}?asked=payment#/wallet`);
  const strip = page.getByRole('region', { name: 'A program asks' });
  await strip.waitFor();
  await page.evaluate(() => {
    const world = window as unknown as Held;
    const { requests } = world.sampleApi;
    const prepare = requests.prepare.bind(requests);
    const go = new Promise<void>((resolve) => (world.letGo = resolve));
    requests.prepare = async (input) => {
      await go;
      return prepare(input);
    };
  });
  await strip.getByRole('button', { name: 'Look at it' }).click();
  await page.keyboard.press('Control+n');
  await page.getByRole('dialog').getByLabel('To', { exact: true }).fill(TO);
}

/** Time for a sheet to come that must not. */
async function letGo(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as Held).letGo());
  await page.waitForTimeout(1000);
}

test('leaves a form that was opened meanwhile as it is', async ({ page }) => {
  await lookAndSend(page);
  await letGo(page);
  await expect(page.getByRole('dialog').getByLabel('To', { exact: true })).toHaveValue(TO);
});

test('takes no place of a sheet that is about to be signed', async ({ page }) => {
  await lookAndSend(page);
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Amount').fill('1');
  await sheet.getByRole('button', { name: 'Review' }).click();
  await expect(sheet.getByRole('button', { name: 'Sign and send' })).toBeVisible();
  await letGo(page);
  await expect(sheet.getByRole('heading', { level: 2 })).toHaveText('Send', { timeout: 1000 });
  await expect(page.getByRole('region', { name: 'A program asks' })).toBeVisible(); // it waits on
});
