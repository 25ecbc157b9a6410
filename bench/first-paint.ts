/** From a running server to paint and to a page that answers, in Chromium; memory of the idle program. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ensureChromium } from '../scripts/lib/chromium.mjs';
import { ensurePage } from '../scripts/lib/page.mjs';
import { startProgram } from '../e2e/support/program.ts';
import { treeKib } from '../src-main/cli/memory-meter.ts';
import type { BenchRow } from './row.ts';

const PAINT_AIM = 1000;
const INTERACTIVE_AIM = 2000;
const MEMORY_AIM = 300;

export async function benchFirstPaint(): Promise<readonly BenchRow[]> {
  ensurePage();
  const executablePath = ensureChromium();
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-page-'));
  const startedAt = performance.now();
  const program = await startProgram(dataDir);
  const up = performance.now() - startedAt;
  const browser = await chromium.launch({ ...(executablePath === null ? {} : { executablePath }), args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'] });
  try {
    const page = await browser.newPage();
    const opened = performance.now();
    await page.goto(program.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click({ trial: true });
    const interactive = performance.now() - opened;
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN);
    const memory = treeKib(program.process.pid ?? 0) / 1024;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const heap = (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
    return [
      { name: 'program start to its printed address', value: up, unit: 'ms' },
      { name: 'first contentful paint', value: paint, unit: 'ms', aim: `< ${PAINT_AIM}`, met: paint < PAINT_AIM },
      { name: 'page that answers', value: interactive, unit: 'ms', aim: `< ${INTERACTIVE_AIM}`, met: interactive < INTERACTIVE_AIM },
      { name: 'idle program: shell and node, and the keys process', value: memory, unit: 'MB', aim: `< ${MEMORY_AIM}`, met: memory < MEMORY_AIM },
      { name: 'objects of the page', value: heap / 1_048_576, unit: 'MB' },
    ];
  } finally {
    await browser.close();
    await program.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
