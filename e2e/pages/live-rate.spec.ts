/** As many rows as a window is ever given: it stays free for its reader. */
import { expect, test } from '@playwright/test';
import { channelId } from '../../src-renderer/testing/sample/streams.ts';
import { serveSamplePage, type SamplePage } from '../support/sample-page.ts';

const WATCHED_MILLIS = 4000;
/** Of the twenty batches in that time: some meet other programs that take the processor. One that is too much work in itself is so twenty times. */
const MOST_HELD = 5;
let sample: SamplePage;

test.beforeAll(async () => { sample = await serveSamplePage(); });
test.afterAll(async () => sample.stop());

for (const look of ['Chart', 'Table', 'Raw']) {
  test(`2,500 rows a second do not hold the window for 50 ms: ${look}`, async ({ page }) => {
    await page.goto(`${sample.url}?pace=fast#/streams/${channelId('g15')}`);
    await page.getByRole('radio', { name: look }).click();
    await expect(page.getByText('msg/s')).toBeVisible();
    await page.waitForTimeout(1000);
    const held = await page.evaluate(async (millis) => {
      const tasks: number[] = [];
      const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
      watch.observe({ entryTypes: ['longtask'] });
      await new Promise((resolve) => setTimeout(resolve, millis));
      watch.disconnect();
      return tasks;
    }, WATCHED_MILLIS);
    expect(held.length, `tasks of ${held.map(Math.round).join(', ')} ms`).toBeLessThanOrEqual(MOST_HELD);
  });
}
