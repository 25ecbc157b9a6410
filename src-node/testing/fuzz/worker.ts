/** Runs one target in a thread of its own: input number i of a run follows from its seed and i. */
import { parentPort, workerData } from 'node:worker_threads';
import { hexOf } from '../../base/bytes.ts';
import { mutated } from './mutate.ts';
import { Random } from './random.ts';
import { FAULTY } from './targets/faulty.ts';
import { TARGETS } from './targets/index.ts';

export interface FuzzTask {
  readonly target: string;
  readonly seed: number;
  readonly millis: number;
  /** Number of the first input. */
  readonly from: number;
  /** Its one place holds the number of the input under way. */
  readonly progress: Int32Array;
}

export type FuzzOutcome = { readonly count: number } | { readonly index: number; readonly input: string; readonly reason: string };

const task = workerData as FuzzTask;
parentPort?.postMessage(await run(task));

async function run({ target: name, seed, millis, from, progress }: FuzzTask): Promise<FuzzOutcome> {
  const target = await { ...TARGETS, ...FAULTY }[name]?.();
  if (target === undefined) throw new TypeError(`there is no target "${name}"`);
  const end = performance.now() + millis;
  let index = from;
  for (; performance.now() < end; index++) {
    const input = mutated(target.seeds, new Random((Math.imul(seed, 0x9e3779b1) + index) >>> 0));
    Atomics.store(progress, 0, index);
    try {
      await target.check(input);
    } catch (error) {
      const reason = error instanceof Error ? `${error.stack ?? error.message}${error.cause instanceof Error ? `\n${error.cause.stack ?? ''}` : ''}` : String(error);
      return { index, input: hexOf(input), reason };
    }
  }
  Atomics.store(progress, 0, -1);
  await target.close?.();
  return { count: index - from };
}
