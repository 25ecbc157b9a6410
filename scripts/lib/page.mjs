/** Builds the page when its sources changed; a second start finds it built. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, cacheFolder, fail, node24, root } from './toolchain.mjs';

const SOURCES = ['src-renderer', 'src-node/api/contract', 'resources/locales', 'vite.renderer.config.ts', 'vite.sample.config.ts', 'package-lock.json'];

function* filesOf(path) {
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const full = join(path, entry.name);
    if (entry.isDirectory()) yield* filesOf(full);
    else yield full;
  }
}

function sourcesHash() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(root, source);
    const files = existsSync(path) && !/\.\w+$/.test(source) ? filesOf(path) : [path];
    for (const file of files) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function ensureBuilt(stampName, folder, html, config) {
  const stamp = join(cacheFolder(), stampName);
  const hash = sourcesHash();
  if (existsSync(join(folder, html)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const result = spawnSync(node24(), [binOf('vite'), 'build', '--config', config, '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) fail('The page could not be built; the reason stands above.', 'If you changed nothing, delete node_modules and run the command again.');
  writeFileSync(stamp, hash);
}

export function ensurePage() {
  ensureBuilt('page', join(root, 'out', 'renderer'), 'index.html', 'vite.renderer.config.ts');
}

/** The window over the sample world. @returns the folder to serve; the page is `testing/index.html` */
export function ensureSamplePage() {
  const folder = join(root, 'out', 'sample');
  ensureBuilt('sample-page', folder, join('testing', 'index.html'), 'vite.sample.config.ts');
  return folder;
}
