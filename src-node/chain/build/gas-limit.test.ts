import { describe, expect, it } from 'vitest';
import { readVectorJson } from '../../testing/vectors.ts';
import { nextGasLimit } from './gas-limit.ts';

interface Recorded {
  readonly calcGasLimit: readonly { readonly parentGasLimit: string; readonly parentGasUsed: string; readonly nextGasLimit: string }[];
}

describe('gas limit', () => {
  it.each(readVectorJson<Recorded>('chain/reward-gaslimit.json').calcGasLimit.map((vector) => [vector.parentGasLimit, vector.parentGasUsed, vector.nextGasLimit] as const))(
    'after %s with %s used is %s',
    (gasLimit, gasUsed, next) => {
      expect(nextGasLimit({ gasLimit: BigInt(gasLimit), gasUsed: BigInt(gasUsed) })).toBe(BigInt(next));
    },
  );

  it('falls to the target while blocks are empty, and stays there', () => {
    let gasLimit = 100_000_000n;
    for (let i = 0; i < 2000; i++) gasLimit = nextGasLimit({ gasLimit, gasUsed: 0n });
    expect(gasLimit).toBe(47_000_000n);
  });
});
