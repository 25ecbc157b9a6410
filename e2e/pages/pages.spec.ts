/**
 * Every page in every look: axe finds nothing serious, nothing is cut or runs over, nothing is too small to read, one first
 * heading, one patina button at most. `PAGES_SHOTS=1` also writes a picture of each to test-results/pages.
 */
import { expect, test, type Page } from '@playwright/test';
import type { ApiClient } from '../../src-node/api/contract/index.ts';
import { serveSamplePage, type SamplePage } from '../support/sample-page.ts';
import { wordsOf } from '../support/words.ts';
import { axeProblems, bringAxe } from './axe-problems.ts';
import { faceProblems } from './face-problems.ts';
import { LOOKS, lookName, type Look } from './looks.ts';
import { PAGE_STATES, type Hand, type PageState } from './page-states.ts';

const SHOTS = process.env['PAGES_SHOTS'] === '1' ? 'test-results/pages' : null;
let sample: SamplePage;
/** One for all states of a worker: the browser reads the scripts once. Each state loads the window anew. */
let page: Page;

test.describe.configure({ mode: 'parallel' });
test.use({ trace: 'off' });
test.beforeAll(async ({ browser }) => {
  sample = await serveSamplePage();
  page = await browser.newPage({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(20_000);
});
test.afterAll(async () => {
  await page.close();
  await sample.stop();
});

function hand(): Hand {
  const place = async () => ((await page.locator('dialog[open]').count()) > 0 ? page.locator('dialog[open]') : page.locator('body'));
  return {
    page,
    press: async (key) => (await place()).getByRole('button', { name: wordsOf('en', key) }).first().click(),
    choose: async (key) => (await place()).getByRole('radio', { name: wordsOf('en', key, 'start') }).click(),
    fill: async (key, text) => (await place()).getByLabel(wordsOf('en', key)).first().fill(text),
  };
}

/** The page stands still: its words and fonts are there, nothing is being read. */
async function settled({ waits }: PageState): Promise<void> {
  await page.locator('main').first().waitFor();
  await expect(page.locator('.start')).toHaveCount(0);
  if (waits === undefined) await expect(page.locator('.skeleton')).toHaveCount(0);
  await drawn();
}

/** Two frames later what was asked for is drawn, and its keys are listened to. */
async function drawn(): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

/** The look is put on as a user does it: in the settings. */
async function putOn({ theme, density, language }: Look): Promise<void> {
  await page.evaluate(async (look) => {
    await (window as unknown as { readonly sampleApi: ApiClient }).sampleApi.app.saveSettings(look);
    const { dataset } = document.documentElement;
    while (dataset['theme'] !== look.theme || dataset['density'] !== look.density || !document.documentElement.lang.startsWith(look.language)) await new Promise(requestAnimationFrame);
  }, { theme, density, language });
  await drawn();
}

for (const state of PAGE_STATES) {
  test(state.name, async () => {
    await page.goto(`${sample.url}?state=${state.name}&${state.options ?? ''}#${state.route}`);
    await settled(state);
    await state.open?.(hand());
    await settled(state);
    await expect(page.locator('dialog[open]')).toHaveCount(state.sheet === true ? 1 : 0);
    await bringAxe(page);
    const problems: string[] = [];
    for (const look of LOOKS) {
      const at = page.viewportSize();
      if (at?.width !== look.width) await page.setViewportSize(look);
      await putOn(look);
      const found = [...await page.evaluate(faceProblems), ...(look.axe === undefined ? [] : await axeProblems(page, look.axe))];
      problems.push(...found.map((problem) => `${lookName(look)}: ${problem}`));
      if (SHOTS !== null) await page.screenshot({ path: `${SHOTS}/${state.name}-${lookName(look)}.png` });
    }
    expect(problems).toEqual([]);
  });
}
