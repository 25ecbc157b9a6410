import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

interface Fact {
  readonly write?: { readonly number: number; readonly what: string };
  readonly keysPid?: number;
  readonly failed?: string;
  readonly done?: Readonly<Record<string, unknown>>;
}

const child = fileURLToPath(new URL('./story-child.ts', import.meta.url));
/** Forty milliseconds a block. */
const SPEED = 25;
/** A run in which blocks come in time makes no more writes; where they are late, prices are raised besides. */
const LEAST_WRITES = 40;
const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'story-'));
  folders.push(folder);
  return folder;
}

/** One life of the program, in a process group of its own. */
async function live(folder: string, origin: number, killAt: number, onFact: (fact: Fact, process: ChildProcess) => void = () => undefined): Promise<{ readonly facts: readonly Fact[]; readonly signal: NodeJS.Signals | null }> {
  const process_ = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', child, folder, String(killAt), String(SPEED), String(origin)], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const facts: Fact[] = [];
  let rest = '';
  process_.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const fact = JSON.parse(line) as Fact;
      facts.push(fact);
      onFact(fact, process_);
    }
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => process_.on('close', (_code, end) => resolve(end)));
  return { facts, signal };
}

const doneOf = (facts: readonly Fact[]): Fact['done'] => facts.find(({ done }) => done !== undefined)?.done;
const writesOf = (facts: readonly Fact[]): readonly string[] => facts.flatMap(({ write }) => (write === undefined ? [] : [write.what]));

describe('a sale, killed', async () => {
  const undisturbed = await live(freshFolder(), Date.now(), 0);
  const writes = writesOf(undisturbed.facts);
  const expected = doneOf(undisturbed.facts);
  /** The first write of each kind, and each further one of the outbox: every step of both roles, money above all. */
  const points = writes.slice(0, LEAST_WRITES).flatMap((what, i) => (writes.indexOf(what) === i || (what === 'outbox signed' && i % 2 === 0) ? [[i + 1, what] as const] : []));

  it('ends in goods and payment when nobody disturbs it', () => {
    expect(expected).toMatchObject({ state: 'settled', sellerTransactions: '3', deliveryTransactions: '1', buyerTransactions: '3', orders: 1, listings: 1, failedActions: [] });
    expect(expected?.['sha256']).toBe(expected?.['sold']);
    expect(points.length).toBeGreaterThanOrEqual(12);
  });

  it.concurrent.each(points)('after write %i (%s): ends the same, with the same number of transactions', async (number) => {
    const folder = freshFolder();
    const origin = Date.now();
    const first = await live(folder, origin, number);
    expect(first.signal).toBe('SIGKILL');
    const second = await live(folder, origin, 0);
    expect(doneOf(second.facts)).toEqual(expected);
  }, 120_000);

  it('goes on when only the keys process is killed', async () => {
    const folder = freshFolder();
    const origin = Date.now();
    let keys: number | null = null;
    const { facts } = await live(folder, origin, 0, ({ keysPid, write }, program) => {
      if (keysPid !== undefined) keys = keysPid;
      if (write?.what !== 'purchase checked') return;
      // The wallet is locked then: the order waits for its owner and says so. He starts the program again while there is time.
      if (keys === null) process.kill(-(program.pid ?? expect.fail()), 'SIGKILL');
      else process.kill(keys, 'SIGKILL');
      keys = null;
    });
    expect(writesOf(facts).filter((what) => what === 'purchase checked').length).toBeGreaterThanOrEqual(2);
    const second = doneOf(facts) ?? doneOf((await live(folder, origin, 0)).facts);
    expect(second).toEqual(expected);
  }, 180_000);
});
