import { defineConfig } from 'vitest/config';

/** They put something in the place of a module, which would stand there for the tests behind them. */
const REPLACING = ['src-node/rpc/access/access.test.ts', 'src-node/rpc/transport/ipc-endpoint.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    maxWorkers: 3, // many tests wait for clocks, disks and brokers
    maxConcurrency: 3,
    // No module keeps anything of its own, so files can share what was loaded: half of the loading is saved.
    projects: [
      // Node loads the sources itself, as it does when the program runs.
      { extends: true, test: { name: 'node', include: ['src-node/**/*.test.ts', 'src-main/**/*.test.ts', 'scripts/**/*.test.ts'], exclude: REPLACING, isolate: false, experimental: { viteModuleRunner: false } } },
      { extends: true, test: { name: 'window', include: ['src-renderer/**/*.test.{ts,tsx}'], isolate: false } },
      { extends: true, test: { name: 'replacing', include: REPLACING } },
    ],
  },
});
