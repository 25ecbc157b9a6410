/** Every page and important state of the window, in the sample world: the one list that the suite of the pages walks. */
import type { Page } from '@playwright/test';
import { MAIN } from '../../src-renderer/testing/sample/addresses.ts';
import { listingId } from '../../src-renderer/testing/sample/listings.ts';
import { orderId } from '../../src-renderer/testing/sample/orders.ts';
import { channelId, streamId } from '../../src-renderer/testing/sample/streams.ts';
import { wordsOf } from '../support/words.ts';

export interface Hand {
  readonly page: Page;
  /** Presses the button with these words, in the open sheet if there is one. */
  readonly press: (key: string) => Promise<void>;
  /** Sets the radio button that begins with these words. */
  readonly choose: (key: string) => Promise<void>;
  readonly fill: (key: string, text: string) => Promise<void>;
}

export interface PageState {
  readonly name: string;
  readonly route: string;
  /** Options of the sample world, as in its address. */
  readonly options?: string;
  /** What is pressed and typed to get there. */
  readonly open?: (hand: Hand) => Promise<void>;
  /** It is a sheet or dialog, and lies over its page. */
  readonly sheet?: true;
  /** The state is that something never answers; otherwise nothing may be left waiting. */
  readonly waits?: true;
}

const FIRST_HOUR = 'phase=first-hour&wallet=none';
const CHOSEN = `${FIRST_HOUR}&chosen`;
const TO = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
/** Begins like the main account and is another. */
const TWIN = `${MAIN.slice(0, 6)}${'1'.repeat(36)}`.toLowerCase();
const listing = (key: string): string => `/market/${listingId(key)}`;
const order = (key: string): string => `/orders/${orderId(key)}`;
const stream = (key: string): string => `/market/streams/${streamId(key)}`;
const live = (key: string): string => `/streams/${channelId(key)}`;
const published = (key: string): string => `/desk/streams/${streamId(key)}`;

const newWords = async ({ press }: Hand): Promise<void> => press('first-hour:continue');

const way = (key: string) => async ({ choose, press }: Hand): Promise<void> => {
  await choose(`first-hour:wallet.${key}`);
  await press('first-hour:continue');
};

const sendSheet = async ({ press }: Hand): Promise<void> => press('wallet:send');

const filledSend = (amount: string) => async (hand: Hand): Promise<void> => {
  await sendSheet(hand);
  await hand.fill('wallet:send_sheet.to', TO);
  await hand.fill('wallet:send_sheet.amount', amount);
};

const signSheet = (amount: string) => async (hand: Hand): Promise<void> => {
  await filledSend(amount)(hand);
  await hand.press('wallet:send_sheet.review');
  await hand.page.getByRole('dialog').locator('.proposal__line').first().waitFor();
};

/** The sheet of what a program asks, from the strip. */
const asked = async ({ press, page }: Hand): Promise<void> => {
  await press('requests:strip.look');
  await page.getByRole('dialog').locator('.proposal__line').first().waitFor();
};

const section = (key: string) => async ({ press }: Hand): Promise<void> => press(`settings:section.${key}`);
/** The number of a step belongs to its name. */
const step = (number: number) => async ({ page }: Hand): Promise<void> => page.getByRole('listitem').getByRole('button', { name: `${number}` }).first().click();

const tab = (name: RegExp) => async ({ page }: Hand): Promise<void> => page.getByRole('tab', { name }).click();

const look = (name: RegExp) => async ({ page }: Hand): Promise<void> => page.getByRole('radio', { name }).click();

const newStream = async ({ page, fill }: Hand): Promise<void> => {
  await fill('stream-desk:new.name', 'Road state');
  await page.getByRole('textbox', { name: 'Name of column 2' }).fill('friction');
  await fill('stream-desk:new.price_of.metered', '0.00002');
  await page.getByRole('checkbox', { name: /suzhou/ }).check();
};

export const PAGE_STATES: readonly PageState[] = [
  { name: '01-network', route: '/', options: FIRST_HOUR },
  { name: '01-network-mainnet', route: '/', options: FIRST_HOUR, open: async ({ choose }) => choose('first-hour:network.mainnet') },
  { name: '01-wallet', route: '/', options: CHOSEN },
  { name: '02-create-wallet', route: '/', options: CHOSEN, open: newWords },
  { name: '03-backup-check', route: '/', options: CHOSEN, open: async (hand) => { await newWords(hand); await hand.press('first-hour:words.written'); } },
  { name: '03-import-words', route: '/', options: CHOSEN, open: way('words') },
  { name: '03-import-keystore', route: '/', options: CHOSEN, open: way('keystore') },
  { name: 'old-practice-chain', route: '/', options: 'question=old-practice-chain' },
  { name: 'unlock', route: '/', options: 'wallet=locked' },
  { name: 'unlock-wrong', route: '/', options: 'wallet=locked', open: async ({ fill, press }) => { await fill('unlock:password', 'not the password'); await press('unlock:open'); } },
  { name: '04-home', route: '/' },
  { name: '04-home-mainnet', route: '/', options: 'network=mainnet' },
  { name: '04-home-empty', route: '/', options: 'empty' },
  { name: '04-home-failing', route: '/', options: 'failing=*' },
  { name: '04-home-waiting', route: '/', options: 'hanging=*', waits: true },
  { name: '05-wallet', route: '/wallet' },
  { name: '05-wallet-empty', route: '/wallet', options: 'empty' },
  { name: '05-wallet-failing', route: '/wallet', options: 'failing=wallet.movements' },
  { name: '05-wallet-pending', route: '/wallet', options: 'pending=sent' },
  { name: '05-wallet-replaced', route: '/wallet', options: 'pending=replaced' },
  { name: '05-wallet-cancelling', route: '/wallet', options: 'pending=cancelling' },
  { name: '05-speed-up', sheet: true, route: '/wallet', options: 'pending=sent', open: async ({ press }) => press('wallet:pending.speed_up') },
  { name: '05-cancel-sign', sheet: true, route: '/wallet', options: 'pending=sent', open: async ({ page, press }) => { await press('wallet:cancel'); await page.getByRole('dialog').locator('.send-form').waitFor(); await press('wallet:send_sheet.review'); await page.getByText(wordsOf('en', 'sheet:kind.cancel.sign')).waitFor(); } },
  { name: '05-add-account', sheet: true, route: '/wallet', open: async ({ press }) => press('wallet:add.title') },
  { name: '05-practice-money', sheet: true, route: '/wallet', open: async ({ press }) => press('wallet:faucet.button') },
  { name: '05-receive', sheet: true, route: '/wallet', open: async ({ press }) => press('wallet:receive') },
  { name: '06-send', sheet: true, route: '/wallet', open: sendSheet },
  { name: '06-send-filled', sheet: true, route: '/wallet', open: filledSend('1,250.5') },
  { name: '06-send-too-much', sheet: true, route: '/wallet', open: filledSend('99999999') },
  { name: '06-send-look-alike', sheet: true, route: '/wallet', open: async (hand) => { await sendSheet(hand); await hand.fill('wallet:send_sheet.to', TWIN); } },
  { name: '06-send-sign', sheet: true, route: '/wallet', open: signSheet('1,250.5') },
  { name: '06-send-sign-locked', sheet: true, route: '/wallet', options: 'wallet=locked', open: async (hand) => { await hand.press('unlock:look'); await signSheet('1,250.5')(hand); } },
  { name: '06-send-final', sheet: true, route: '/wallet', open: async (hand) => { await signSheet('1,250.5')(hand); await hand.press('sheet:kind.send.sign'); await hand.page.getByText(wordsOf('en', 'sheet:state_text.final')).waitFor(); } },
  { name: '06-send-sign-hold', sheet: true, route: '/wallet', open: signSheet('12,000') },
  { name: '07-market', route: '/market' },
  { name: '07-market-empty', route: '/market', options: 'empty&network=mainnet' },
  { name: '07-market-missing', route: '/market', options: 'empty' },
  { name: '07-market-failing', route: '/market', options: 'failing=*' },
  { name: '08-results', route: '/market', open: async ({ fill }) => fill('market:search', 'sensors') },
  { name: '08-results-none', route: '/market', open: async ({ fill }) => fill('market:search', 'zebra') },
  { name: '09-listing', route: listing('grid') },
  { name: '09-listing-bought', route: listing('battery') },
  { name: '09-listing-own', route: listing('brake') },
  { name: '09-listing-no-text', route: listing('new') },
  { name: '09-listing-unknown', route: listing('nowhere') },
  { name: '09-listing-one-machine', route: listing('river'), options: 'network=mainnet' },
  { name: '10-buy', sheet: true, route: listing('grid'), open: async ({ press }) => press('listing:buy') },
  { name: '11-order-fetching', route: order('lidar') },
  { name: '11-order-verified', route: order('battery') },
  { name: '11-order-settled', route: order('air') },
  { name: '11-order-sale', route: order('sale') },
  { name: '11-order-sold', route: order('sold') },
  { name: '11-order-unknown', route: order('nowhere') },
  { name: '12-order-refund', route: order('parking') },
  { name: '12-refund-sheet', sheet: true, route: order('parking'), open: async ({ press }) => press('orders:proof.act') },
  { name: '13-purchases', route: '/purchases' },
  { name: '13-purchases-empty', route: '/purchases', options: 'empty' },
  { name: '13-purchases-failing', route: '/purchases', options: 'failing=orders.list' },
  { name: '13-purchases-waiting', route: '/purchases', options: 'hanging=orders.list', waits: true },
  { name: '14-publish', route: '/publish' },
  { name: '14-publish-empty', route: '/publish', options: 'empty&network=mainnet' },
  { name: '14-publish-failing', route: '/publish', options: 'failing=publish.drafts,publish.uploads' },
  { name: '14-publish-discard', sheet: true, route: '/publish', open: async ({ page }) => page.locator('.publish__drafts .button--quiet').last().click() },
  { name: '14-publish-1-data', route: '/publish/draft-cars', open: step(1) },
  { name: '14-publish-2-describe', route: '/publish/draft-cars', open: step(2) },
  { name: '14-publish-3-storage', route: '/publish/draft-cars', open: step(3) },
  { name: '14-publish-3-storage-few', route: '/publish/draft-cars', options: 'network=mainnet', open: step(3) },
  { name: '14-publish-4-price', route: '/publish/draft-cars', open: step(4) },
  { name: '14-publish-5-review', route: '/publish/draft-cars' },
  { name: '14-publish-packing', route: '/publish/draft-brake' },
  { name: '14-publish-failed', route: '/publish/draft-failed' },
  { name: '15-streams', route: '/streams' },
  { name: '15-streams-empty', route: '/streams', options: 'empty&network=mainnet' },
  { name: '15-streams-missing', route: '/streams', options: 'empty' },
  { name: '15-streams-failing', route: '/streams', options: 'failing=*' },
  { name: '15-streams-waiting', route: '/streams', options: 'hanging=streams.subscriptions', waits: true },
  { name: '15-stream', route: live('g15') },
  { name: '15-stream-offline', route: live('g15'), options: 'offline' },
  { name: '15-stream-unknown', route: live('nowhere') },
  { name: '15-stream-no-rows', route: live('g15'), options: 'failing=streams.live,streams.snippets' },
  { name: '15-stream-table', route: live('g15'), open: look(/^Table/) },
  { name: '15-stream-raw', route: live('g15'), open: look(/^Raw/) },
  { name: '15-stream-chart-table', route: live('g15'), open: async ({ page }) => page.getByRole('button', { name: 'Show as table' }).first().click() },
  { name: '15-stream-cap', route: live('g15'), options: 'reading=cap' },
  { name: '15-stream-paused', route: live('g15'), options: 'reading=paused' },
  { name: '15-stream-silent', route: live('g15'), options: 'reading=silent' },
  { name: '15-stream-key', route: live('g15'), options: 'reading=waiting-key' },
  { name: '15-stream-failed', route: live('g15'), options: 'reading=failed' },
  { name: '15-stream-recording', route: live('g15'), options: 'recording=running' },
  { name: '15-stream-recording-failed', route: live('g15'), options: 'recording=failed' },
  { name: '15-stream-closing', route: live('air') },
  { name: '15-stream-cap-dialog', sheet: true, route: live('g15'), open: async ({ press }) => press('streams:spend.daily_stop') },
  { name: '15-stream-top-up', sheet: true, route: live('g15'), open: async ({ press }) => press('streams:spend.top_up') },
  { name: '15-stream-record', sheet: true, route: live('g15'), open: async ({ press }) => press('streams:record.start') },
  { name: '15-stream-close', sheet: true, route: live('g15'), open: async ({ press }) => press('streams:spend.close') },
  { name: '15-market', route: '/market/streams' },
  { name: '15-market-empty', route: '/market/streams', options: 'empty&network=mainnet' },
  { name: '15-market-none', route: '/market/streams', open: async ({ fill }) => fill('streams:market.search', 'zebra') },
  { name: '15-market-failing', route: '/market/streams', options: 'failing=*' },
  { name: '15-listing', route: stream('g15') },
  { name: '15-listing-own', route: stream('brake') },
  { name: '15-listing-no-text', route: stream('new') },
  { name: '15-listing-unknown', route: stream('nowhere') },
  { name: '15-listing-peek', route: stream('g15'), open: async (hand) => { await tab(/^Free sample/)(hand); await hand.press('streams:peek.look'); await hand.page.getByRole('button', { name: 'Look again' }).waitFor(); } },
  { name: '15-listing-no-peek', route: stream('grid'), open: tab(/^Free sample/) },
  { name: '15-listing-gateways', route: stream('g15'), open: tab(/^Gateways/) },
  { name: '15-subscribe', sheet: true, route: stream('taxi'), open: async ({ press }) => press('streams:decision.subscribe') },
  { name: '15-subscribe-sign', sheet: true, route: stream('taxi'), open: async ({ page, press }) => { await press('streams:decision.subscribe'); await page.getByRole('dialog').getByRole('checkbox', { name: /licence/ }).check(); await press('streams:review'); await page.getByRole('dialog').locator('.proposal__line').first().waitFor(); } },
  { name: '16-streams', route: '/desk/streams' },
  { name: '16-streams-empty', route: '/desk/streams', options: 'empty&network=mainnet' },
  { name: '16-streams-failing', route: '/desk/streams', options: 'failing=streamDesk.view' },
  { name: '16-streams-new', route: '/desk/streams/new' },
  { name: '16-streams-new-filled', route: '/desk/streams/new', open: newStream },
  { name: '16-streams-new-sign', sheet: true, route: '/desk/streams/new', open: async (hand) => { await newStream(hand); await hand.press('stream-desk:new.review'); await hand.page.getByRole('dialog').locator('.proposal__line').first().waitFor(); } },
  { name: '16-streams-readers', route: published('brake') },
  { name: '16-streams-sources', route: published('brake'), open: tab(/^Sources/) },
  { name: '16-streams-keys', route: published('brake'), open: tab(/^Keys/) },
  { name: '16-streams-keys-unwritten', route: published('test'), open: tab(/^Keys/) },
  { name: '16-streams-gateways', route: published('brake'), open: tab(/^Gateways/) },
  { name: '16-streams-gateways-change', sheet: true, route: published('brake'), open: async (hand) => { await tab(/^Gateways/)(hand); await hand.press('stream-desk:gateway.change'); await hand.page.getByRole('dialog').getByRole('checkbox').first().waitFor(); } },
  { name: '16-streams-usage', route: published('brake'), open: tab(/^Usage/) },
  { name: '16-streams-test', route: published('brake'), open: tab(/^Test/) },
  { name: '16-streams-locked', route: published('test') },
  { name: '16-streams-revoke', sheet: true, route: published('brake'), open: async ({ press }) => press('stream-desk:revoke.act') },
  { name: '16-streams-mqtt', sheet: true, route: published('brake'), open: async (hand) => { await tab(/^Sources/)(hand); await hand.press('stream-desk:source.add'); await hand.choose('stream-desk:source.kinds.mqtt'); await hand.fill('stream-desk:source.url', 'mqtts://refused.example.net:8883'); await hand.fill('stream-desk:source.topic', 'vans/+/brake'); await hand.press('stream-desk:source.test'); await hand.page.locator('.test-result').waitFor(); } },
  { name: '16-seller', route: '/desk' },
  { name: '16-seller-empty', route: '/desk', options: 'empty' },
  { name: '16-seller-failing', route: '/desk', options: 'failing=orders.desk' },
  { name: '17-rnode-none', route: '/rnode', options: 'empty' },
  { name: '17-rnode-none-funded', route: '/rnode', options: 'rnode=outside' },
  { name: '17-rnode-member', route: '/rnode' },
  { name: '17-rnode-join', sheet: true, route: '/rnode', options: 'rnode=outside', open: async ({ press }) => press('rnode:join.review') },
  { name: '17-rnode-failing', route: '/rnode', options: 'failing=rnode.view' },
  { name: '18-node', route: '/node' },
  { name: '18-node-mainnet', route: '/node', options: 'network=mainnet' },
  { name: '18-node-failing', route: '/node', options: 'failing=*' },
  { name: '18-node-offline', route: '/node', options: 'offline' },
  { name: '18-gateway', route: '/gateway' },
  { name: '18-gateway-off', route: '/gateway', options: 'empty&gateway=off' },
  { name: '18-gateway-failed', route: '/gateway', options: 'gateway=failed' },
  { name: '18-gateway-failing', route: '/gateway', options: 'failing=*' },
  { name: '18-gateway-engine', sheet: true, route: '/gateway', open: async (hand) => { await hand.press('gateway:engine.change'); await hand.press('gateway:engine.test'); await hand.page.locator('.test-result').waitFor(); } },
  { name: '18-gateway-move', sheet: true, route: '/gateway', open: async ({ press }) => press('gateway:register.move') },
  { name: '18-gateway-register', sheet: true, route: '/gateway', options: 'empty', open: async ({ press }) => press('gateway:register.act') },
  { name: '19-settings', route: '/settings' },
  { name: '19-settings-security', route: '/settings', open: section('security') },
  { name: '19-settings-market', route: '/settings', open: section('market') },
  { name: '19-settings-network', route: '/settings', open: section('network') },
  { name: '19-settings-about', route: '/settings', open: section('about') },
  { name: '20-palette', sheet: true, route: '/', open: async ({ page }) => page.keyboard.press('Control+k') },
  { name: '20-palette-found', sheet: true, route: '/', open: async ({ page }) => { await page.keyboard.press('Control+k'); await page.getByRole('combobox').fill('battery'); } },
  { name: '20-keys', sheet: true, route: '/', open: async ({ page }) => page.keyboard.press('?') },
  { name: '21-request-strip', route: '/', options: 'asked=twice' },
  { name: '21-request-unlock', route: '/', options: 'asked=text&wallet=locked' },
  { name: '21-request', sheet: true, route: '/', options: 'asked=twice', open: asked },
  { name: '21-request-locked', sheet: true, route: '/wallet', options: 'asked=payment&wallet=locked', open: async (hand) => { await hand.press('unlock:look'); await asked(hand); } },
  { name: '21-request-unknown', sheet: true, route: '/', options: 'asked=unknown', open: asked },
  { name: '21-request-known', sheet: true, route: '/', options: 'asked=known', open: asked },
  { name: '21-request-refused', sheet: true, route: '/', options: 'asked=payment&failing=requests.prepare', open: asked },
  { name: '21-request-text', sheet: true, route: '/', options: 'asked=text', open: asked },
  { name: '21-request-bytes', sheet: true, route: '/', options: 'asked=bytes', open: asked },
  { name: 'notices', route: '/', open: async ({ page }) => { await page.locator('.notices__bell').click(); await page.locator('.notices').waitFor(); } },
  { name: 'notices-empty', route: '/', options: 'empty', open: async ({ page }) => { await page.locator('.notices__bell').click(); await page.locator('.notices').waitFor(); } },
  { name: 'account-menu', route: '/', open: async ({ page }) => { await page.locator('.account-chip').click(); await page.getByRole('menu').waitFor(); } },
  { name: 'page-missing', route: '/nowhere' },
];
