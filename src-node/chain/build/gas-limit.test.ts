import { expect, it } from 'vitest';
import { nextGasLimit } from './gas-limit.ts';

it('falls to the target while blocks are empty, and stays there', () => {
  let gasLimit = 100_000_000n;
  for (let i = 0; i < 2000; i++) gasLimit = nextGasLimit({ gasLimit, gasUsed: 0n });
  expect(gasLimit).toBe(47_000_000n);
});
