/**
 * Every page in every look: axe finds nothing serious, nothing is cut or runs over, nothing is too small to read, one first
 * heading, one patina button at most. `PAGES_SHOTS=1` also writes a picture of each to test-results/pages.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { serveSamplePage, type SamplePage } from '../support/sample-page.ts';
import { wordsOf, type WindowLanguage } from '../support/words.ts';
import { faceProblems } from './face-problems.ts';
import { LOOKS, lookName, type Look } from './looks.ts';
import { PAGE_STATES, type Hand, type PageState } from './page-states.ts';

const SHOTS = process.env['PAGES_SHOTS'] === '1' ? 'test-results/pages' : null;
const LANGUAGES = ['en', 'zh'] as const;
let sample: SamplePage;

test.use({ contextOptions: { reducedMotion: 'reduce' }, trace: 'off', permissions: ['clipboard-write'] });
test.beforeAll(async () => { sample = await serveSamplePage(); });
test.afterAll(async () => sample.stop());

function handOn(page: Page, language: WindowLanguage): Hand {
  const place = async () => ((await page.locator('dialog[open]').count()) > 0 ? page.locator('dialog[open]') : page.locator('body'));
  return {
    page,
    press: async (key) => (await place()).getByRole('button', { name: wordsOf(language, key) }).first().click(),
    choose: async (key) => (await place()).getByRole('radio', { name: wordsOf(language, key, 'start') }).click(),
    fill: async (key, text) => (await place()).getByLabel(wordsOf(language, key)).first().fill(text),
  };
}

/** The page stands still: its words and fonts are there, nothing is being read. */
async function settled(page: Page, { waits }: PageState): Promise<void> {
  await page.locator('main').first().waitFor();
  if (waits === undefined) await expect(page.locator('.skeleton')).toHaveCount(0);
  await page.evaluate(async () => { await document.fonts.ready; });
}

async function putOn(page: Page, look: Look): Promise<void> {
  await page.setViewportSize(look);
  await page.evaluate(async ({ theme, density }) => {
    Object.assign(document.documentElement.dataset, { theme, density });
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }, look);
}

async function axeProblems(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `axe ${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`));
}

for (const state of PAGE_STATES) {
  for (const language of LANGUAGES) {
    test(`${state.name} in ${language}`, async ({ page }) => {
      const [first] = LOOKS[language];
      if (first !== undefined) await page.setViewportSize(first);
      await page.goto(`${sample.url}?language=${language}&${state.options ?? ''}#${state.route}`);
      await settled(page, state);
      if (state.open !== undefined) {
        await state.open(handOn(page, language));
        await settled(page, state);
      }
      const problems: string[] = [];
      for (const look of LOOKS[language]) {
        await putOn(page, look);
        const found = [...await page.evaluate(faceProblems), ...(look.axe === true ? await axeProblems(page) : [])];
        problems.push(...found.map((problem) => `${lookName(look)}: ${problem}`));
        if (SHOTS !== null) await page.screenshot({ path: `${SHOTS}/${state.name}-${language}-${lookName(look)}.png` });
      }
      expect(problems).toEqual([]);
    });
  }
}
