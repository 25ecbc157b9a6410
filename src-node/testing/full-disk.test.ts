import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const child = fileURLToPath(new URL('./full-disk-child.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
const FILE_BYTES = 16 * 1024 * 1024;

const outside = mkdtempSync(join(tmpdir(), 'full-disk-file-'));

afterAll(() => [folder, outside].forEach((path) => rmSync(path, { recursive: true, force: true })));

/** Runs the child with a disk of its own: 96 MB of memory that nobody outside its name space sees. */
async function onSmallDisk(file: string): Promise<Readonly<Record<string, unknown>>> {
  const mount = 'mount -t tmpfs -o size=96m tmpfs "$1" && exec "$2" --disable-warning=ExperimentalWarning "$3" "$1" "$4"';
  const process_ = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', mount, 'sh', folder, process.execPath, child, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  process_.stdout.on('data', (data: Buffer) => (output += data.toString('utf8')));
  await new Promise((resolve) => process_.on('close', resolve));
  return Object.assign({}, ...output.trim().split('\n').map((line) => JSON.parse(line) as object)) as Readonly<Record<string, unknown>>;
}

describe.runIf(process.platform === 'linux')('a disk that fills up', () => {
  it('stops packing by name and loses nothing: chain, packing and sale go on when there is space again', async () => {
    const file = join(outside, 'sale.bin');
    writeFileSync(file, Uint8Array.from({ length: FILE_BYTES }, (_, i) => (i * 31) & 0xff));
    expect(await onSmallDisk(file)).toEqual({
      inTheMiddle: { state: 'failed', code: 'DISK_FULL' },
      free: 0,
      withNothingLeft: { state: 'failed', code: 'DISK_FULL' },
      readable: 1,
      afterwards: { state: 'packed' },
      done: true,
    });
  }, 180_000);
});
