/** The importing process dies at random moments; the chain opens at whole blocks, goes on, and ends as if nothing had happened. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { chainFolder } from '../chain-tools.ts';
import { LevelStore } from '../db/level-store.ts';
import { network } from '../networks/network.ts';
import { encodeBlock } from '../primitives/block.ts';
import { transactionHash } from '../primitives/transaction.ts';
import { badBlocks, type BadBlock } from './bad-blocks.ts';
import { blocksIn, testChain } from './chains.ts';
import { readVector, readVectorLines } from './vectors.ts';

const CHILD = fileURLToPath(new URL('./import-child.ts', import.meta.url));
/** Of each of two lines of runs, which go on at the same time. */
const KILLS = 30;
const KILLS_WHILE_OPENING = 6;
const folder = mkdtempSync(join(tmpdir(), 'import-kill-'));
const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
const recorded = readVectorLines<{ readonly hash: string; readonly header: { readonly stateRoot: string } }>('blocks/dev-blocks.jsonl');
const bad = badBlocks(network('dev'), blocks, [60, 131, 201, 260, 320]);
/** Five that end at a bad block, and the whole chain. */
const files = [...bad.map(({ encoded, refusal: [, at] }, i) => fileOf(i, [...blocks.slice(0, i === 4 ? at - 1 : at), encoded])), fileOf(5, blocks)];

/** What a run prints that began at this head: blocks that it has are passed over, and others of their numbers are in conflict. */
function expectedFrom(head: number): unknown {
  const [signature, state, transaction, data, gap] = bad.map(({ refusal }) => refusal);
  const unlessThere = (refusal: BadBlock['refusal'] | undefined, then: unknown): unknown => (refusal === undefined || head >= refusal[1] ? then : refusal);
  const refused = [
    unlessThere(signature, null), // its hash is the good one's
    unlessThere(state, ['BLOCK_CONFLICT', state?.[1]]),
    unlessThere(transaction, ['BLOCK_CONFLICT', transaction?.[1]]),
    ['BAD_BLOCK_DATA', Math.max(head + 1, data?.[1] ?? 0)],
    head + 1 >= (gap?.[1] ?? 0) ? null : gap,
    null,
  ];
  return { refused, hash: recorded[384]?.hash, stateRoot: recorded[384]?.header.stateRoot };
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(index: number, content: readonly Uint8Array[]): string {
  const path = join(folder, `${index}.rlp`);
  writeFileSync(path, Buffer.concat(content));
  return path;
}

/** A sequence of its own for each seed, from 0 to 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

interface Run {
  /** What it printed at its end, or null when it was killed before. */
  readonly end: unknown;
  /** Of the chain when it was open; undefined when it did not come to that. */
  readonly head: number | undefined;
  /** From its beginning to its end, and to when the chain was open. */
  readonly millis: number;
  readonly openMillis: number;
}

/** Runs the child and kills it `delay` ms after it began. */
async function importInto(dataDir: string, delay: number | null): Promise<Run> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, 'dev', dataDir, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let began = 0;
  let openMillis = 0;
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString('utf8');
    if (openMillis === 0 && output.includes('open')) openMillis = performance.now() - began;
    if (began !== 0) return;
    began = performance.now();
    if (delay !== null) setTimeout(() => child.kill('SIGKILL'), delay);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const [, open, end] = output.trim().split('\n');
  if (code !== 0 && code !== null) expect.fail(`the import failed by itself with ${code}`);
  return { end: end === undefined ? null : (JSON.parse(end) as unknown), head: open === undefined ? undefined : Number(open.split(' ')[1]), millis: performance.now() - began, openMillis };
}

/** Number of the head, after a look at everything that belongs to it. */
async function wholeHead(dataDir: string): Promise<number> {
  const store = await LevelStore.open({ path: chainFolder(dataDir, 'dev') });
  try {
    const chain = await testChain(network('dev'), store);
    const number = Number(chain.head.header.number);
    expect(toHex(chain.head.hash)).toBe(recorded[number]?.hash);
    for (let n = Math.max(0, number - 20); n <= number; n++) {
      const block = chain.blockByNumber(BigInt(n));
      if (block === undefined) expect.fail(`block ${n} is missing below the head ${number}`);
      expect(Buffer.compare(encodeBlock(block), blocks[n] ?? Buffer.alloc(0))).toBe(0);
      expect(chain.receiptsOf(chain.hashAt(BigInt(n)) ?? new Uint8Array())).toHaveLength(block.transactions.length);
      for (const tx of block.transactions) expect(chain.transactionByHash(transactionHash(tx))?.blockNumber).toBe(BigInt(n));
    }
    const state = chain.stateAt(chain.head.header.stateRoot);
    for (const { address } of network('dev').genesis.alloc) expect(state.balanceOf(address)).toBeGreaterThanOrEqual(0n);
    expect(chain.hashAt(BigInt(number + 1))).toBeUndefined();
    return number;
  } finally {
    await store.close();
  }
}

interface Line {
  kills: number;
  whileOpening: number;
  readonly heads: number[];
}

/** Kills one folder's import after the other, at work and while it opens what the last kill left, until there were enough of both. */
async function killAgainAndAgain(name: string, seed: number, control: Run): Promise<Line> {
  const next = random(seed);
  let { millis, openMillis } = control;
  const line: Line = { kills: 0, whileOpening: 0, heads: [] };
  let round = 0;
  let wasKilled = false;
  for (let turn = 0; line.kills < KILLS || line.whileOpening < KILLS_WHILE_OPENING; turn++) {
    const dataDir = join(folder, `${name}-${round}`);
    const run = await importInto(dataDir, turn % 3 === 2 ? next() * openMillis : next() * millis);
    // as the last one that came so far: how fast this machine is changes with what else it does
    if (run.head !== undefined) openMillis = run.openMillis;
    if (run.end !== null) millis = run.millis;
    if (run.end === null) {
      line.kills += 1;
      if (run.head === undefined && wasKilled) line.whileOpening += 1;
      line.heads.push(await wholeHead(dataDir));
      wasKilled = true;
    } else {
      expect(run.end).toEqual(expectedFrom(run.head ?? 0));
      round += 1;
      wasKilled = false;
    }
    if (turn > 4 * KILLS) expect.fail(`of ${turn} runs only ${line.kills} were killed, ${line.whileOpening} of them while they opened the chain`);
  }
  const last = join(folder, `${name}-${round}`);
  const whole = await importInto(last, null);
  expect(whole.end).toEqual(expectedFrom(whole.head ?? 0));
  expect(await wholeHead(last)).toBe(384);
  return line;
}

it('survives 60 kills at random moments, 12 of them while it recovers from the one before, on a chain with five bad blocks', { timeout: 300_000 }, async () => {
  const control = await importInto(join(folder, 'control'), null);
  expect(control.end).toEqual(expectedFrom(0));
  const lines = await Promise.all([killAgainAndAgain('first', 20_260_101, control), killAgainAndAgain('second', 777, control)]);
  const between = new Set(lines.flatMap(({ heads }) => heads).filter((head) => head > 0 && head < 384));
  expect(between.size).toBeGreaterThan(5); // the kills met the chain at work, not only before and after
});
