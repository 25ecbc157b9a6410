import { _electron, expect, test } from '@playwright/test';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { electronRuntime } from '../../scripts/lib/electron.mjs';

const runtime = electronRuntime();

test('the window opens on the first page, sandboxed', async () => {
  test.skip(runtime === null, 'the Electron runtime is not on this machine');
  const app = await _electron.launch({ executablePath: runtime ?? '', args: ['.', `--data-dir=${mkdtempSync(join(tmpdir(), 'electron-'))}`] });
  const window = await app.firstWindow();
  await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await window.evaluate(() => typeof (globalThis as { process?: unknown }).process)).toBe('undefined');
  await app.close();
});
