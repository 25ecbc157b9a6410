/**
 * Runs a script or a tool of the project on Node 24: `node scripts/run.mjs FILE.ts ARGS` or `--bin TOOL ARGS`.
 * Works on the machine's own Node 20; Node 24 comes with the dependencies where the machine's is older.
 */
import { spawnSync } from 'node:child_process';
import { binOf, ensureInstalled, node24, programEnv } from './lib/toolchain.mjs';

const args = process.argv.slice(2);
await ensureInstalled();
const command = args[0] === '--bin' ? [binOf(args[1] ?? ''), ...args.slice(2)] : args;
const result = spawnSync(node24(), ['--disable-warning=ExperimentalWarning', ...command], { stdio: 'inherit', env: programEnv });
process.exit(result.status ?? 1);
