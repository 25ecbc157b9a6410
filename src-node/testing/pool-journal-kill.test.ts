/** The process with the pool dies while it writes the journal of sent transactions; none that it said to keep is lost. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { hexOf } from '../base/bytes.ts';
import { readRecords } from '../chain/pool/journal-records.ts';
import { transactionHash } from '../primitives/transaction.ts';

const CHILD = fileURLToPath(new URL('./pool-journal-child.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pool-journal-kill-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly signal: NodeJS.Signals | null;
  /** Hashes of what the child said to keep. */
  readonly acknowledged: readonly string[];
}

/** Runs the child, and kills it wherever it is when so many transactions are said to be kept. */
async function run(command: readonly string[], killAfter = Infinity): Promise<Run> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString('utf8');
    if (output.split('\n').length - 2 >= killAfter) child.kill('SIGKILL');
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, by) => resolve(by)));
  // the last line may be cut by the kill
  return { signal, acknowledged: output.split('\n').slice(1, -1) };
}

const childOf = (path: string, kind: string, count = 0): readonly string[] => [process.execPath, '--disable-warning=ExperimentalWarning', CHILD, path, kind, String(count)];
const kept = (path: string): Set<string> => new Set(readRecords(readFileSync(path)).transactions.map((tx) => hexOf(transactionHash(tx))));
const lostOf = (path: string, { acknowledged }: Run): readonly string[] => acknowledged.filter((hash) => !kept(path).has(hash));

describe('the journal of sent transactions', () => {
  it.concurrent.each([
    ['before', 8, 35],
    ['torn', 8, 35],
    ['after', 8, 35],
    ['before-whole', 3, 35],
    ['after-whole', 3, 35],
  ])('keeps what it said it would when it is killed %s write %i', async (kind, count, least) => {
    const path = join(folder, kind);
    const ended = await run(childOf(path, kind, count));
    expect(ended.signal).toBe('SIGKILL');
    expect(ended.acknowledged.length).toBeGreaterThanOrEqual(least);
    expect(lostOf(path, ended)).toEqual([]);
    expect(readRecords(readFileSync(path)).damaged.map(({ isTorn }) => isTorn)).toEqual(kind === 'torn' ? [true] : []);
  });

  it('keeps it over kills at any moments, one after the other on the same file', async () => {
    const path = join(folder, 'any');
    const acknowledged: string[] = [];
    for (const killAfter of [1, 23, 8]) {
      const ended = await run(childOf(path, 'run'), killAfter);
      expect(ended.signal).toBe('SIGKILL');
      acknowledged.push(...ended.acknowledged);
      expect(lostOf(path, { ...ended, acknowledged })).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(32);
  });
});

describe.runIf(process.platform === 'linux')('on a full disk', () => {
  it('the journal keeps whole records only', async () => {
    const disk = mkdtempSync(join(folder, 'disk-'));
    const copy = join(folder, 'copy');
    const path = join(disk, 'journal');
    const script = 'mount -t tmpfs -o size=300k tmpfs "$1" && shift && "$@"; code=$?; cat "$4" > "$COPY"; exit $code';
    const ended = await run(['env', `COPY=${copy}`, 'unshare', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', disk, ...childOf(path, 'fill')]);
    expect(ended.acknowledged.length).toBeGreaterThan(5);
    expect(lostOf(copy, ended)).toEqual([]);
    expect(readRecords(readFileSync(copy)).damaged).toEqual([]);
    expect(readFileSync(copy).length).toBeLessThan(300 * 1024);
  });
});
