/** The first hour, unlocking, sending, buying, proving and publishing with the keyboard alone; the focus is seen at every step. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { SAMPLE_PASSWORD } from '../../src-renderer/testing/sample/password.ts';
import { listingId } from '../../src-renderer/testing/sample/listings.ts';
import { orderId } from '../../src-renderer/testing/sample/orders.ts';
import { channelId, streamId } from '../../src-renderer/testing/sample/streams.ts';
import { SAMPLE_WORDS } from '../../src-renderer/testing/sample/wallet.ts';
import { serveSamplePage, type SamplePage } from '../support/sample-page.ts';

const NEW_PASSWORD = 'a password of my own';
const TO = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const MOST_STEPS = 60;
let sample: SamplePage;

test.beforeAll(async () => { sample = await serveSamplePage(); });
test.afterAll(async () => sample.stop());

const hasFocus = (target: Locator): Promise<boolean> => target.evaluate((element) => element === document.activeElement);

/** An outline, a shadow or the edge of the box around a field; and the element is on the screen. */
async function expectSeen(target: Locator): Promise<void> {
  await expect(target).toBeInViewport();
  expect(await target.evaluate((element) => {
    const marked = (one: Element | null): boolean => {
      if (one === null) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
    };
    return element.matches(':focus-visible') && (marked(element) || marked(element.closest('.input')));
  }), 'the focus is marked').toBe(true);
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let step = 0; step < MOST_STEPS && !(await hasFocus(target)); step += 1) await page.keyboard.press('Tab');
  expect(await hasFocus(target), `Tab reaches ${target.toString()}`).toBe(true);
  await expectSeen(target);
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.type(text);
}

/** As long as a finger stays on a key: a choice follows the arrows only while they are down. */
const HELD_MILLIS = 100;

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key, { delay: HELD_MILLIS });
}

const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name, exact: true }).last();

test('a new wallet: network, words, backup check', async ({ page }) => {
  await page.goto(`${sample.url}?phase=first-hour&wallet=none#/`);
  await press(page, page.getByRole('radio', { name: /^Practice/ }), 'ArrowDown');
  await expect(page.getByRole('radio', { name: /Mainnet/ })).toBeChecked();
  await page.keyboard.press('ArrowUp', { delay: HELD_MILLIS });
  await press(page, button(page, 'Continue'));
  await press(page, button(page, 'Back'));
  await expect(page.getByRole('heading', { name: 'Choose a network' })).toBeVisible();
  await press(page, button(page, 'Continue'));
  await press(page, button(page, 'Continue'));
  await press(page, button(page, 'I have written them down'));
  for (const label of await page.getByText(/^Word \d+$/).allTextContents()) await type(page, page.getByLabel(label, { exact: true }), SAMPLE_WORDS[Number(label.slice('Word '.length)) - 1] ?? '');
  await type(page, page.getByLabel('Password', { exact: true }), NEW_PASSWORD);
  await type(page, page.getByLabel('Password again'), NEW_PASSWORD);
  await press(page, button(page, 'Open the wallet'));
  await expect(page.getByRole('link', { name: 'Home' })).toHaveAttribute('aria-current', 'page');
});

test('an earlier wallet: its words', async ({ page }) => {
  await page.goto(`${sample.url}?phase=first-hour&wallet=none&chosen#/`);
  await press(page, page.getByRole('radio', { name: /^Create a new wallet/ }), 'ArrowDown');
  await press(page, button(page, 'Continue'));
  await type(page, page.getByLabel('Words', { exact: true }), SAMPLE_WORDS.join(' '));
  await type(page, page.getByLabel('Password', { exact: true }), NEW_PASSWORD);
  await type(page, page.getByLabel('Password again'), NEW_PASSWORD);
  await press(page, button(page, 'Open the wallet'));
  await expect(page.getByRole('link', { name: 'Home' })).toBeVisible();
});

test('unlock: a wrong password, then the right one', async ({ page }) => {
  await page.goto(`${sample.url}?wallet=locked#/wallet`);
  const password = page.getByLabel('Password');
  await expect(password).toBeFocused();
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This password does not open the wallet.')).toBeVisible();
  await expect(password).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(SAMPLE_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Wallet', exact: true })).toHaveAttribute('aria-current', 'page');
});

test('send: Escape gives the focus back, the signature needs its own button', async ({ page }) => {
  await page.goto(`${sample.url}#/wallet`);
  const opener = page.getByRole('main').getByRole('button', { name: 'Send', exact: true });
  const sheet = page.getByRole('dialog');
  await press(page, opener);
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(opener).toBeFocused();

  await page.keyboard.press('Enter');
  await type(page, sheet.getByLabel('To', { exact: true }), TO);
  await type(page, sheet.getByLabel('Amount'), '12.5');
  await page.keyboard.press('Enter');
  const cancel = sheet.getByRole('button', { name: 'Cancel' });
  await expect(cancel).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(sheet.getByRole('button', { name: 'Sign and send' })).toBeVisible();
  await press(page, sheet.getByRole('button', { name: 'Sign and send' }));
  await expect(sheet.getByText('Final. It cannot be called back.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('the frame: skip link, places, rows, notices', async ({ page }) => {
  await page.goto(`${sample.url}#/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await press(page, page.getByRole('link', { name: 'Skip to the page' }));
  await expect(page.getByRole('main')).toBeFocused();
  await page.keyboard.press('j');
  const rows = page.getByRole('table', { name: 'Needs you' }).locator('tbody tr');
  await expect(rows.nth(0)).toBeFocused();
  await expectSeen(rows.nth(0));
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/orders\//);
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/#\/node$/);
  const bell = page.getByRole('button', { name: /^Notices/ });
  await press(page, bell);
  await expect(page.getByRole('dialog', { name: 'Notices' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(bell).toBeFocused();
});

test('buying: from the row to the order', async ({ page }) => {
  await page.goto(`${sample.url}#/market`);
  await type(page, page.getByLabel('Search titles, texts, columns'), 'feeder');
  await expect(page.locator('.market__card')).toHaveCount(0); // the newest ones stand beside the rows until the words are looked for
  await press(page, page.getByRole('link', { name: 'Feeder load of 60 villages' }));
  await expect(page).toHaveURL(new RegExp(listingId('grid')));
  await press(page, button(page, 'Review and buy'));
  await expect(page.getByText('Key or data proven wrong')).toBeVisible();
  await press(page, button(page, 'Sign and buy'), 'Space');
  await press(page, button(page, 'Open the order'));
  await expect(page.getByText('It is your turn.').first()).toBeVisible();
});

test('the refund: proof, sheet, signature', async ({ page }) => {
  await page.goto(`${sample.url}#/orders/${orderId('parking')}`);
  await press(page, button(page, 'Prove and refund'));
  await expect(page.getByRole('dialog').getByText('The key of one chunk becomes public')).toBeVisible();
  await press(page, button(page, 'Sign and prove'));
  await expect(page.getByRole('dialog').getByText('Signed and written down').first()).toBeVisible();
});

test('publishing: five questions, the tick for one machine, packing, signature', async ({ page }) => {
  await page.goto(`${sample.url}?network=mainnet#/publish`);
  await press(page, page.getByRole('button', { name: 'Go on with Cars 1970–1982' }).first());
  await press(page, page.getByRole('button', { name: /Data/ }).first());
  await press(page, button(page, 'Describe it'));
  await type(page, page.getByLabel('Title in Chinese'), 'Qi che');
  await press(page, button(page, 'Choose storage'));
  await press(page, button(page, 'Set the price'));
  await expect(page.getByRole('tooltip')).toContainText('Tick that');
  await press(page, page.getByRole('checkbox', { name: 'I will keep this computer and the program running' }), 'Space');
  await press(page, button(page, 'Set the price'));
  await press(page, page.getByRole('radio', { name: /Commercial, one organisation/ }), 'ArrowDown');
  await expect(page.getByRole('radio', { name: /Commercial, with derivatives/ })).toBeChecked();
  await press(page, button(page, 'Back'));
  await press(page, button(page, 'Set the price'));
  await press(page, button(page, 'Review'));
  await press(page, button(page, 'Pack and store'));
  await press(page, button(page, 'Review and publish'));
  await press(page, button(page, 'Sign and publish'));
  await press(page, button(page, 'Open the listing'));
  await expect(page.getByRole('heading', { name: 'Cars 1970–1982' })).toBeVisible();
});

test('a draft is thrown away only after a question, which keeps it by itself', async ({ page }) => {
  await page.goto(`${sample.url}#/publish`);
  const drafts = page.locator('.publish__drafts').last().getByRole('listitem');
  await expect(drafts).toHaveCount(3);
  await press(page, page.getByRole('button', { name: /^Discard Cars/ }).first());
  await expect(button(page, 'Keep it')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(drafts).toHaveCount(3);
  await press(page, page.getByRole('button', { name: /^Discard Cars/ }).first());
  await press(page, button(page, 'Discard the draft'));
  await expect(drafts).toHaveCount(2);
});

test('subscribing: sample, deposit, licence, signature, and the rows that come', async ({ page }) => {
  await page.goto(`${sample.url}#/market/streams`);
  await press(page, page.getByRole('link', { name: 'E-taxi positions, Shenzhen' }));
  await expect(page).toHaveURL(new RegExp(streamId('taxi')));
  await tabTo(page, page.getByRole('tab', { name: /^Columns/ }));
  await page.keyboard.press('ArrowRight');
  await press(page, button(page, 'Show the free sample'));
  await expect(page.getByText('Signatures verified.')).toBeVisible();
  await press(page, button(page, 'Subscribe'));
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByLabel('Deposit')).toBeFocused();
  await tabTo(page, sheet.getByRole('button', { name: 'Review and sign' }));
  await expect(page.getByRole('tooltip')).toContainText('Accept the licence.');
  await press(page, sheet.getByRole('checkbox', { name: /licence/ }), 'Space');
  await press(page, sheet.getByRole('button', { name: 'Review and sign' }));
  await press(page, button(page, 'Sign and subscribe'));
  await press(page, button(page, 'Open the subscription'));
  await expect(page.getByRole('heading', { name: 'G15 road state' })).toBeVisible();
});

test('a live stream: its chart as a table, the daily stop, a pause', async ({ page }) => {
  await page.goto(`${sample.url}#/streams/${channelId('g15')}`);
  await tabTo(page, page.getByRole('img', { name: /^friction/ }));
  await page.keyboard.press('t');
  await expect(page.getByRole('table', { name: 'friction' })).toBeVisible();
  await press(page, button(page, 'Daily stop'));
  const sheet = page.getByRole('dialog');
  await tabTo(page, sheet.getByLabel('At most a day'));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('80');
  await press(page, sheet.getByRole('button', { name: 'Save' }));
  await expect(page.getByText('stops at 80 a day')).toBeVisible();
  await press(page, button(page, 'Pause'));
  await expect(page.getByText('Nothing is read and nothing signed.')).toBeVisible();
  await press(page, button(page, 'Go on'));
  await expect(button(page, 'Pause')).toBeVisible();
});

test('revoking a reader says when it acts, and keeps him by itself', async ({ page }) => {
  await page.goto(`${sample.url}#/desk/streams/${streamId('brake')}`);
  await press(page, page.getByRole('button', { name: 'Revoke access' }).first());
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expect(sheet.getByText('It acts at')).toBeVisible();
  await press(page, sheet.getByRole('button', { name: 'Revoke access' }));
  await expect(page.getByText('Access revoked')).toBeVisible();
});
