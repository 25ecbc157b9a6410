/** Watches a target from outside: an endless input and one that takes all memory are findings as well as one that throws. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FuzzOutcome, FuzzTask } from './worker.ts';

export interface FuzzOptions {
  readonly target: string;
  readonly seed: number;
  readonly millis: number;
  /** Number of the first input. Default 0. */
  readonly from?: number;
  /** How long one input may take. Default 10 s. */
  readonly inputMillis?: number;
  /** How much memory all of them may gather. Default 1,024. */
  readonly growthMB?: number;
}

export type FuzzResult = FuzzOutcome | { readonly index: number; readonly reason: string };

const INPUT_MILLIS = 10_000;
const HEAP_MB = 384;
const GROWTH_MB = 1024;
const LOOK_MILLIS = 100;

export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const progress = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const { target, seed, millis, from = 0, inputMillis = INPUT_MILLIS, growthMB = GROWTH_MB } = options;
  const task: FuzzTask = { target, seed, millis, from, progress };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  const watch = new AbortController();
  try {
    return await Promise.race([
      once(worker, 'message').then(([outcome]) => outcome as FuzzOutcome, (error: unknown) => ({ index: progress[0] ?? -1, reason: String(error) })),
      standstill(progress, { inputMillis, growthMB }, watch.signal),
    ]);
  } finally {
    watch.abort();
    await worker.terminate();
  }
}

/** Resolves when one input takes too long, or all together too much memory. */
async function standstill(progress: Int32Array, { inputMillis, growthMB }: Required<Pick<FuzzOptions, 'inputMillis' | 'growthMB'>>, signal: AbortSignal): Promise<FuzzResult> {
  const rssAtStart = process.memoryUsage.rss();
  let last = -1;
  let since = performance.now();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    if (signal.aborted) return { count: 0 };
    const index = progress[0] ?? -1;
    if (index !== last) since = performance.now();
    last = index;
    if (index !== -1 && performance.now() - since > inputMillis) return { index, reason: `it was still at work after ${inputMillis} ms` };
    if ((process.memoryUsage.rss() - rssAtStart) / 2 ** 20 > growthMB) return { index, reason: `memory grew by more than ${growthMB} MB` };
  }
}
