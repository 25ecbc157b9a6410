/** How children of a simulation talk to it: JSON lines out, words in. */
import { createInterface } from 'node:readline';
import type { SimEvent } from './history.ts';

export function say(event: SimEvent | { readonly type: 'ready'; readonly port: number }): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** What the simulation says, a line each; when it is gone the child is too. */
export function onWord(listener: (word: string) => void): void {
  createInterface({ input: process.stdin }).on('line', listener).on('close', () => process.exit(0));
}
