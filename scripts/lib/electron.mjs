/** Where the Electron runtime is, if it is: its package holds only the way to it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './toolchain.mjs';

const EXECUTABLES = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** @returns {string | null} path of the executable */
export function electronRuntime() {
  const executable = EXECUTABLES[process.platform] ?? 'electron';
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const pathFile = join(root, 'node_modules', 'electron', 'path.txt');
  const candidates = [
    ...(override === undefined ? [] : [join(override, executable)]),
    ...(existsSync(pathFile) ? [join(root, 'node_modules', 'electron', 'dist', readFileSync(pathFile, 'utf8').trim())] : []),
  ];
  return candidates.find((path) => existsSync(path)) ?? null;
}
