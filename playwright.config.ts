import { defineConfig, devices } from '@playwright/test';

const chromium = process.env['CHROMIUM_PATH'];
const viewport = { width: 1280, height: 800 };

export default defineConfig({
  globalSetup: './e2e/support/sample-page.setup.ts',
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    ...devices['Desktop Chrome'],
    viewport,
    screenshot: 'only-on-failure',
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  projects: [
    { name: 'chromium', testIgnore: ['electron/**', 'pages/**', 'support/**'] },
    { name: 'pages', testDir: 'e2e/pages' },
    { name: 'electron', testDir: 'e2e/electron', workers: 1 },
  ],
});
