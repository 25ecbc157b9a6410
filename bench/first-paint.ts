/** From a running server to paint and to a page that answers, in Chromium; memory of the idle program. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ensureChromium } from '../scripts/lib/chromium.mjs';
import { ensurePage } from '../scripts/lib/page.mjs';
import { startProgram } from '../e2e/support/program.ts';
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
    const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${program.process.pid ?? 0}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1000;
    return [
      { name: 'program start to its printed address', value: up, unit: 'ms' },
      { name: 'first contentful paint', value: paint, unit: 'ms', aim: `< ${PAINT_AIM}`, met: paint < PAINT_AIM },
      { name: 'page that answers', value: interactive, unit: 'ms', aim: `< ${INTERACTIVE_AIM}`, met: interactive < INTERACTIVE_AIM },
      { name: 'idle program, shell and node in one process', value: memory, unit: 'MB', aim: `< ${MEMORY_AIM}`, met: memory < MEMORY_AIM },
    ];
  } finally {
    await browser.close();
    await program.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
