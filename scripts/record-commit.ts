/**
 * Records what one block commit does to the files of a chain, for `src-node/testing/commit-operations.test.ts`. Linux with strace:
 * `node scripts/run.mjs scripts/record-commit.ts > test-vectors/chain/commit-operations.json`, then gzip -9n.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chainFolder } from '../src-node/chain-tools.ts';
import { blocksIn } from '../src-node/testing/chains.ts';
import type { FileOperation, RecordedCommit } from '../src-node/testing/commit-operations.ts';
import { readVector } from '../src-node/testing/vectors.ts';

const HEAD = 12;
const CALLS = 'openat,write,pwrite64,writev,fsync,fdatasync,rename,unlink,ftruncate,close';
const folder = mkdtempSync(join(tmpdir(), 'record-commit-'));
const chain = chainFolder(folder, 'dev');
const child = new URL('../src-node/testing/import-child.ts', import.meta.url).pathname;
const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));

function importTo(head: number, ...wrapper: readonly string[]): void {
  const file = join(folder, `${head}.rlp`);
  writeFileSync(file, Buffer.concat(blocks.slice(0, head + 1)));
  const args = [...wrapper, process.execPath, '--disable-warning=ExperimentalWarning', child, 'dev', folder, file];
  execFileSync(args[0] ?? '', args.slice(1));
}

function operationsIn(trace: string): FileOperation[] {
  const open = new Map<string, string>();
  const operations: FileOperation[] = [];
  const name = (text: string | undefined): string | undefined => {
    const path = bytes(text).toString('utf8');
    return path.startsWith(`${chain}/`) ? basename(path) : undefined;
  };
  for (const line of trace.split('\n')) {
    const [, call, rest = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    const strings = [...rest.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, text]) => text);
    const [, file = ''] = /^(\d+)/.exec(rest) ?? [];
    const result = / = (-?\d+)/.exec(rest)?.[1] ?? '';
    if (call === 'openat') {
      const path = name(strings[0]);
      open.delete(result);
      if (path === undefined || result.startsWith('-')) continue;
      open.set(result, path);
      if (rest.includes('O_TRUNC')) operations.push({ do: 'create', path });
    } else if (call === 'close') open.delete(file);
    else if (call === 'write' && open.has(file)) operations.push({ do: 'append', path: open.get(file) ?? '', data: bytes(strings[0]).toString('base64') });
    else if ((call === 'fsync' || call === 'fdatasync') && open.has(file)) operations.push({ do: 'sync', path: open.get(file) ?? '' });
    else if (call === 'rename' && name(strings[0]) !== undefined) operations.push({ do: 'rename', path: name(strings[0]) ?? '', to: name(strings[1]) ?? '' });
    else if (call === 'unlink' && name(strings[0]) !== undefined) operations.push({ do: 'remove', path: name(strings[0]) ?? '' });
    else if (open.has(file)) throw new TypeError(`a call that is not known: ${line.slice(0, 80)}`);
  }
  return operations;
}

function bytes(text = ''): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

importTo(HEAD);
const before = Object.fromEntries(readdirSync(chain).map((path) => [path, readFileSync(join(chain, path)).toString('base64')]));
importTo(HEAD + 1, 'strace', '-f', '-xx', '-s', '10000000', '-o', join(folder, 'trace'), '-e', `trace=${CALLS}`);
const recorded: RecordedCommit = { head: HEAD, before, operations: operationsIn(readFileSync(join(folder, 'trace'), 'utf8')) };
process.stdout.write(JSON.stringify(recorded));
rmSync(folder, { recursive: true, force: true });
