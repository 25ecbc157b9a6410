import type { FuzzTarget } from '../fuzz-target.ts';

const seeds = [Uint8Array.of(1, 2, 3)];
const kept: unknown[] = [];

/** Targets with a fault each: what the watch is tried on. */
export const FAULTY: Readonly<Record<string, () => FuzzTarget>> = {
  throwing: () => ({ seeds, check: (input) => { if (input[0] === 7) throw new TypeError('seven'); } }),
  endless: () => ({ seeds, check: () => { for (;;); } }),
  greedy: () => ({ seeds, check: async () => { kept.push(new Uint8Array(2 ** 20).fill(1)); await new Promise((resolve) => setTimeout(resolve, 1)); } }),
};
