/** `npm start`: installs, builds, opens the program: in Electron where its runtime is present, else in the browser. */
import { spawn, spawnSync } from 'node:child_process';
import { electronRuntime } from './lib/electron.mjs';
import { ensurePage } from './lib/page.mjs';
import { binOf, ensureInstalled, fail, node24, programEnv, root } from './lib/toolchain.mjs';

await ensureInstalled();
const args = process.argv.slice(2);
const runtime = args.includes('--headless') ? null : electronRuntime();
const rest = args.filter((arg) => arg !== '--headless');

if (runtime === null) {
  console.error('The Electron runtime is not on this machine, so the same program opens in your browser.');
  ensurePage();
  run(node24(), ['--disable-warning=ExperimentalWarning', 'src-main/headless/main.ts', ...rest]);
} else {
  const built = spawnSync(node24(), [binOf('electron-vite'), 'build', '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (built.status !== 0) fail('The program could not be built; the reason stands above.', 'If you changed nothing, delete node_modules and run the command again.');
  run(runtime, ['.', ...rest]);
}

/** Hands the terminal over; signals reach the child by itself, and its end is ours. */
function run(command, commandArgs) {
  const child = spawn(command, commandArgs, { cwd: root, stdio: 'inherit', env: programEnv });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
}
