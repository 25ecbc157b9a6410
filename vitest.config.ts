import { defineConfig } from 'vitest/config';

/** They put something in the place of a module, which would stand there for the tests behind them. */
const REPLACING = ['src-node/rpc/access/access.test.ts', 'src-node/rpc/transport/ipc-endpoint.test.ts'];
const INCLUDE = ['src-*/**/*.test.ts', 'src-renderer/**/*.test.tsx', 'scripts/**/*.test.ts'];

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
      { extends: true, test: { name: 'together', include: INCLUDE, exclude: [...REPLACING, 'node_modules/**'], isolate: false } },
      { extends: true, test: { name: 'apart', include: REPLACING } },
    ],
  },
});
