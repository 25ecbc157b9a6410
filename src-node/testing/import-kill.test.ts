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
import { blocksIn, testChain } from './chains.ts';
import { readVector, readVectorLines } from './vectors.ts';

const CHILD = fileURLToPath(new URL('./import-child.ts', import.meta.url));
const KILLS = 30;
const folder = mkdtempSync(join(tmpdir(), 'import-kill-'));
const file = join(folder, 'dev.rlp');
const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
const recorded = readVectorLines<{ readonly hash: string; readonly header: { readonly stateRoot: string } }>('blocks/dev-blocks.jsonl');
const CONTROL = { hash: recorded[384]?.hash, stateRoot: recorded[384]?.header.stateRoot };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A sequence of its own for each seed, from 0 to 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Runs the child and kills it `delay` ms after it began. @returns what it printed at its end, or null when it was killed before */
async function importInto(dataDir: string, delay: number | null): Promise<{ readonly end: unknown; readonly millis: number }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, file, 'dev', dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let began = 0;
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString('utf8');
    if (began !== 0) return;
    began = performance.now();
    if (delay !== null) setTimeout(() => child.kill('SIGKILL'), delay);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const [, end] = output.trim().split('\n');
  if (code !== 0 && code !== null) expect.fail(`the import failed by itself with ${code}`);
  return { end: end === undefined ? null : (JSON.parse(end) as unknown), millis: performance.now() - began };
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

it(`survives ${KILLS} kills at random moments`, { timeout: 300_000 }, async () => {
  writeFileSync(file, Buffer.concat(blocks));
  const { end, millis } = await importInto(join(folder, 'control'), null);
  expect(end).toEqual(CONTROL);
  const next = random(20_260_101);
  const heads: number[] = [];
  let round = 0;
  for (let kills = 0; kills < KILLS; ) {
    const dataDir = join(folder, `round-${round}`);
    const run = await importInto(dataDir, next() * millis);
    if (run.end === null) {
      kills += 1;
      heads.push(await wholeHead(dataDir));
    } else {
      expect(run.end).toEqual(CONTROL);
      round += 1;
    }
  }
  expect((await importInto(join(folder, `round-${round}`), null)).end).toEqual(CONTROL);
  expect(await wholeHead(join(folder, `round-${round}`))).toBe(384);
  const between = new Set(heads.filter((head) => head > 0 && head < 384));
  expect(between.size).toBeGreaterThan(3); // the kills met the chain at work, not only before and after
});
