import { describe, expect, it } from 'vitest';
import { readVectorJson } from '../testing/vectors.ts';
import { reputations } from './reputation.ts';

interface Recorded {
  readonly params: { readonly alpha: number; readonly beta: number; readonly gamma: number; readonly method2FromBlock: number; readonly window: number };
  readonly cases: readonly {
    readonly number: number;
    readonly addresses: readonly string[];
    readonly balancesWei: Readonly<Record<string, string>>;
    readonly nonceAtNumber: Readonly<Record<string, number>>;
    readonly nonceAtWindowStart: Readonly<Record<string, number>>;
    readonly coinbaseByBlock: readonly string[];
    readonly proposersEachBlock: readonly string[];
    readonly result: readonly { readonly address: string; readonly method1: number; readonly method2: number }[];
  }[];
}

describe('reputations', () => {
  const { params, cases } = readVectorJson<Recorded>('election/reputation.json');
  const weights = { balance: params.alpha, transactions: params.beta, blocks: params.gamma };

  it.each(cases.map((one, i) => [i, one] as const))('are the recorded ones in case %i', (_, one) => {
    const { number, addresses, coinbaseByBlock, proposersEachBlock } = one;
    const missed = coinbaseByBlock.map((coinbase, k) => (k > 0 && k <= number && /^0x0+$/.test(coinbase) ? proposersEachBlock[((k - 1) % 12) % 4] : undefined));
    const accounts = addresses.map((address) => ({
      balance: BigInt(one.balancesWei[address] ?? 0),
      transactions: BigInt((one.nonceAtNumber[address] ?? 0) - (one.nonceAtWindowStart[address] ?? 0)),
      blocks: coinbaseByBlock.slice(Math.max(0, number - params.window), number).filter((coinbase) => coinbase === address).length,
      missedBlocks: missed.filter((proposer) => proposer === address).length,
    }));
    expect(one.result.map(({ address }) => address)).toEqual(addresses);
    expect(reputations(accounts, weights, BigInt(params.method2FromBlock) - 1n)).toEqual(one.result.map(({ method1 }) => method1));
    expect(reputations(accounts, weights, BigInt(params.method2FromBlock))).toEqual(one.result.map(({ method2 }) => method2));
  });
});
