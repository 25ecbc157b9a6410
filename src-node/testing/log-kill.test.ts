/** The process with the built-in log dies while it writes; nothing that it acknowledged is lost, and its order is kept. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { millis, systemClock } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import { BuiltInEngine } from '../streams/log/built-in/built-in-engine.ts';
import { KILL_STREAM, WRITERS } from './log-kill.ts';

const CHILD = fileURLToPath(new URL('./log-child.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'log-kill-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs the child until it dies. @returns lines `offset writer number` of what it said to keep */
async function run(folder: string, kind: string, count: number, killAfter = Infinity): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, folder, kind, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString('utf8');
    if (output.length > killAfter) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return output.split('\n').slice(1, -1); // the last line may be cut by the kill
}

/** Every record, as `offset writer number`. */
async function kept(folder: string): Promise<readonly string[]> {
  const engine = new BuiltInEngine({ folder, maxBytes: 2 ** 30, fsyncMillis: millis(0) }, { files: systemFiles, clock: systemClock, logger: silentLogger });
  const log = await engine.open(KILL_STREAM, { retentionMillis: millis(2 ** 45) });
  const { records } = await log.read(0n, { maxRecords: 1e6, maxBytes: 1e9 });
  await engine.close();
  return records.map(({ offset, value }) => `${offset} ${Buffer.from(value).toString('utf8').trimEnd()}`);
}

function check(records: readonly string[], acknowledged: readonly string[]): void {
  const there = new Set(records);
  expect(acknowledged.filter((line) => !there.has(line))).toEqual([]);
  expect(records.map((line) => line.split(' ')[0])).toEqual(records.map((_, i) => String(i)));
  for (let writer = 0; writer < WRITERS; writer++) {
    const numbers = records.map((line) => line.split(' ').map(Number)).filter(([, by]) => by === writer).map(([, , number = 0]) => number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
  }
}

describe('the built-in log', () => {
  it.concurrent.each([
    ['before', 30],
    ['torn', 30],
    ['after', 30],
    ['roll', 4],
    ['index', 2],
  ])('keeps what it acknowledged when it is killed %s write %i', async (kind, count) => {
    const folder = join(root, kind);
    const acknowledged = await run(folder, kind, count);
    expect(acknowledged.length).toBeGreaterThan(100);
    check(await kept(folder), acknowledged);
    const more = await run(folder, kind, count);
    expect(more.length).toBeGreaterThan(0);
    check(await kept(folder), [...acknowledged, ...more]);
  });

  it('keeps it over kills at any moments, one after the other on the same files', async () => {
    const folder = join(root, 'any');
    const acknowledged: string[] = [];
    for (const killAfter of [10, 20_000, 900, 40_000, 3000, 100, 9000, 25_000]) {
      acknowledged.push(...(await run(folder, 'run', 0, killAfter)));
      check(await kept(folder), acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThan(5000);
  });
});
