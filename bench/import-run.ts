/** `import-run.ts NETWORK FILE FOLDER [profile]`: one import in a process of its own, as a user's; prints what it took as JSON. */
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector';
import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CPUProfileHandle } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import { silentLogger } from '../src-node/base/logger.ts';
import { Chain } from '../src-node/chain/chain.ts';
import { BlockExaminer } from '../src-node/chain/examination/block-examiner.ts';
import { readBlocks } from '../src-node/chain/file/read-blocks.ts';
import { LevelStore } from '../src-node/db/level-store.ts';
import { DporHeaderVerifier } from '../src-node/dpor/header-verifier.ts';
import { networkNamed } from '../src-node/networks/network.ts';
import { MemoryMeter } from '../src-main/cli/memory-meter.ts';
import { secondsByArea, type Shares } from './areas.ts';
import { LongestPiece } from './longest-piece.ts';

export interface ImportFigures {
  readonly blocks: number;
  readonly transactions: number;
  readonly gas: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMB: number;
  /** The longest time that the event loop of the importing thread was late, and the longest piece of work in it. */
  readonly lateMillis: number;
  readonly pieceMillis: number;
  /** Seconds of the executing thread and of the examining ones; empty without a profile. */
  readonly shares: readonly Shares[];
}

const DELAY_RESOLUTION = 5;

const [name = '', file = '', folder = '', mode] = process.argv.slice(2);
console.log(JSON.stringify(await run()));
process.exit(0);

async function run(): Promise<ImportFigures> {
  const network = networkNamed(name);
  const store = await LevelStore.open({ path: folder });
  const examiner = new BlockExaminer({ chainId: network.chainId, workers: Math.max(1, availableParallelism() - 1) });
  const chain = await Chain.open({ network }, { store, examiner, verifier: new DporHeaderVerifier(network), logger: silentLogger });
  const stopProfile = mode === 'profile' ? await startProfile() : () => Promise.resolve([]);
  const memory = new MemoryMeter();
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION });
  delay.enable();
  const longest = new LongestPiece();
  const start = performance.now();
  const before = process.cpuUsage();
  const { blocks, transactions } = await chain.importBlocks(readBlocks(file));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  delay.disable();
  const pieceMillis = longest.stop();
  memory.stop();
  const shares = await stopProfile();
  return { blocks, transactions, gas: gasOf(chain), seconds, cpuSeconds: (user + system) / 1e6, rssMB: memory.peakMib, lateMillis: delay.max / 1e6, pieceMillis, shares };
}

async function startProfile(): Promise<() => Promise<readonly Shares[]>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const started: { readonly worker: Worker; readonly handle: Promise<CPUProfileHandle> }[] = [];
  process.on('worker', (worker: Worker) => worker.once('online', () => started.push({ worker, handle: worker.startCpuProfile() })));
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    const others = started.map(async ({ worker, handle }) => {
      worker.ref(); // an idle one does not keep the process alive until it has answered
      return JSON.parse(await (await handle).stop()) as Profiler.Profile;
    });
    return [profile, ...(await Promise.all(others))].map(secondsByArea);
  };
}

function gasOf(chain: Chain): number {
  let gas = 0n;
  for (let number = 1n; number <= chain.head.header.number; number++) gas += chain.headerByNumber(number)?.gasUsed ?? 0n;
  return Number(gas);
}
