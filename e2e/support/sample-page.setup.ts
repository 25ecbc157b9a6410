/** Builds the window over the sample world before its suites start. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ensureSamplePage } from '../../scripts/lib/page.mjs';

test('the sample page is built', () => {
  expect(existsSync(join(ensureSamplePage(), 'testing', 'index.html'))).toBe(true);
});
