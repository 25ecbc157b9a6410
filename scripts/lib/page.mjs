/** Builds the page when its sources changed; a second start finds it built. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, cacheFolder, fail, node24, root } from './toolchain.mjs';

const SOURCES = ['src-renderer', 'src-node/api/contract', 'resources/locales', 'vite.renderer.config.ts', 'package-lock.json'];

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

export function ensurePage() {
  const stamp = join(cacheFolder(), 'page');
  const hash = sourcesHash();
  if (existsSync(join(root, 'out', 'renderer', 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const result = spawnSync(node24(), [binOf('vite'), 'build', '--config', 'vite.renderer.config.ts', '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) fail('The page could not be built; the reason stands above.', 'If you changed nothing, delete node_modules and run the command again.');
  writeFileSync(stamp, hash);
}
