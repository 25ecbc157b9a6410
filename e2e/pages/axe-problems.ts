import type { Page } from '@playwright/test';
import axe from 'axe-core';

/** Puts axe into the window, once for all its looks: reading its half megabyte costs more than using it. */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(axe.source);
}

/** What axe, which was brought before, finds serious in the window as it stands, in words. */
export async function axeProblems(page: Page, rules: 'all' | 'contrast'): Promise<readonly string[]> {
  return page.evaluate(async (runOnly) => {
    const { violations } = await (window as unknown as { readonly axe: typeof axe }).axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false, ...runOnly });
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return serious.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `axe ${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`));
  }, rules === 'all' ? {} : { runOnly: ['color-contrast'] });
}
