import { describe, expect, it } from 'vitest';
import { fromHex, type Bytes } from '../base/bytes.ts';
import { millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import type { ChainReader, TransactionInfo } from '../chain/reader.ts';
import { createAddress } from '../evm/create-address.ts';
import { creationBlock, SEARCHED_BLOCKS } from './creation-block.ts';

const DEPLOYER = fromHex('d0'.repeat(20));
const CONTRACT = createAddress(DEPLOYER, 7n);

/** A chain of `length` blocks with the contract made in `at`; `states`: how many of the last states are kept. */
function chain({ length, at, states }: { readonly length: bigint; readonly at: bigint; readonly states: bigint }): { readonly reader: ChainReader; readonly asked: () => number } {
  let asked = 0;
  const creation: TransactionInfo = { hash: new Uint8Array(32), from: DEPLOYER, to: null, value: 0n, nonce: 7n, gasPrice: 1n, input: new Uint8Array(1) };
  const known: Pick<ChainReader, 'head' | 'block' | 'codeOf'> = {
    head: () => ({ number: length - 1n, hash: new Uint8Array(32), timeMillis: millis(0) }),
    block: (number) => {
      asked += 1;
      return Promise.resolve(number < length ? { number, hash: new Uint8Array(32), parentHash: new Uint8Array(32), timeMillis: millis(0), transactions: number === at ? [creation] : [] } : null);
    },
    codeOf: (_address: Bytes, block?: bigint) => {
      asked += 1;
      if (block !== undefined && block < length - states) return Promise.reject(new CodedError('STATE_UNKNOWN', 'Pruned.'));
      return Promise.resolve(new Uint8Array((block ?? length) >= at ? 1 : 0));
    },
  };
  return { reader: known as ChainReader, asked: () => asked };
}

describe('the block of a creation', () => {
  it.each([0n, 1n, 2n, 7_654_321n, 15_702_103n])('is found in a few questions on a long chain (block %i)', async (at) => {
    const { reader, asked } = chain({ length: 15_702_104n, at, states: 15_702_104n });
    expect(await creationBlock(reader, CONTRACT)).toBe(at);
    expect(asked()).toBeLessThan(30);
  });

  it.each([3n, 49_990n])('is found near both ends where old states are gone (block %i)', async (at) => {
    expect(await creationBlock(chain({ length: 50_000n, at, states: 1n }).reader, CONTRACT)).toBe(at);
  });

  it('is not found in the middle of a long chain whose old states are gone, and the search ends', async () => {
    const { reader, asked } = chain({ length: 100_000n, at: 50_000n, states: 1n });
    expect(await creationBlock(reader, CONTRACT)).toBeNull();
    expect(asked()).toBeLessThanOrEqual(2 * Number(SEARCHED_BLOCKS) + 2);
  });

  it('is none for a contract that another contract made', async () => {
    expect(await creationBlock(chain({ length: 100n, at: 50n, states: 100n }).reader, fromHex('cc'.repeat(20)))).toBeNull();
  });
});
