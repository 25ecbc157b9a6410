/** Chinese is drawn with the program's own font where the system has none of the two that are asked for first. */
import { expect, test, type Page } from '@playwright/test';
import { CONTENT_SECURITY_POLICY } from '../../src-main/headless/headers.ts';
import { serveSamplePage, type SamplePage } from '../support/sample-page.ts';

let sample: SamplePage;
test.beforeAll(async () => { sample = await serveSamplePage(); });
test.afterAll(async () => sample.stop());

/** Opens the window as the headless shell serves it, and keeps what it loads of the font. */
async function open(page: Page, query: string): Promise<{ readonly asked: readonly string[]; readonly faults: readonly string[] }> {
  const [asked, faults]: [string[], string[]] = [[], []];
  page.on('request', (request) => { if (/noto-sans-sc|chinese-font/.test(request.url())) asked.push(request.url()); });
  page.on('console', (message) => { if (/Content Security Policy/.test(message.text())) faults.push(message.text()); });
  await page.route(/\/testing\/index\.html/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'Content-Security-Policy': CONTENT_SECURITY_POLICY } });
  });
  await page.goto(`${sample.url}?${query}`);
  await page.locator('main').first().waitFor();
  return { asked, faults };
}

/** The fonts that the browser drew an element with, the program's own marked. */
async function fontsOf(page: Page, selector: string): Promise<readonly string[]> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('DOM.enable');
  await browser.send('CSS.enable');
  const { root } = await browser.send('DOM.getDocument');
  const { nodeId } = await browser.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { fonts } = await browser.send('CSS.getPlatformFontsForNode', { nodeId });
  return fonts.map(({ familyName, isCustomFont }) => `${familyName}${isCustomFont ? ', own' : ''}`);
}

test('a Chinese window is drawn with the font that comes with the program', async ({ page }) => {
  const { asked, faults } = await open(page, 'language=zh&wallet=locked');
  await expect.poll(() => fontsOf(page, 'h1')).toEqual([expect.stringMatching(/^Noto Sans SC.*, own$/)]);
  const parts = asked.filter((url) => url.endsWith('.woff2'));
  expect(parts.length).toBeGreaterThan(0);
  expect(parts.length, 'only the parts in use').toBeLessThan(40);
  expect(asked.every((url) => url.startsWith(new URL(sample.url).origin))).toBe(true);
  expect(faults).toEqual([]);
});

test('an English window loads the list of its parts after the first paint, and none of the parts', async ({ page }) => {
  const { asked, faults } = await open(page, 'language=en&wallet=locked');
  await expect.poll(() => asked.filter((url) => url.endsWith('.css')).length).toBe(1);
  const listed = (): Promise<number> => page.evaluate(() => performance.getEntriesByType('resource').find(({ name }) => name.includes('chinese-font') && name.endsWith('.css'))?.startTime ?? 0);
  await expect.poll(listed).toBeGreaterThan(0); // the browser tells of it once it came
  const painted = await page.evaluate(() => performance.getEntriesByName('first-paint')[0]?.startTime ?? Number.POSITIVE_INFINITY);
  expect(await listed()).toBeGreaterThan(painted);
  await page.evaluate(() => document.fonts.ready);
  expect(asked.filter((url) => url.endsWith('.woff2'))).toEqual([]);
  expect(faults).toEqual([]);
});
