/** A Chromium for the end-to-end tests: the system's, Debian's by apt where that is allowed, else Playwright's own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { binOf, fail, node24, root } from './toolchain.mjs';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns {string | null} executable, or null for the one that Playwright brought */
export function ensureChromium() {
  const found = SYSTEM.find((path) => existsSync(path));
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium by apt (once) …');
    const quiet = { stdio: ['ignore', 'ignore', 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], quiet);
    if (spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet).status === 0) return '/usr/bin/chromium';
  }
  console.error('Fetching Playwright’s Chromium (once) …');
  if (spawnSync(node24(), [binOf('playwright'), 'install', 'chromium'], { cwd: root, stdio: ['ignore', 2, 2] }).status !== 0) {
    fail('No Chromium for the end-to-end tests could be had.', 'Install Chromium (Debian: apt install chromium) and run the command again.');
  }
  return null;
}
