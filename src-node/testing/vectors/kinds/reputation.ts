import { reputations } from '../../../dpor/reputation.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Params {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly method2FromBlock: number;
  readonly window: number;
}

interface Case {
  readonly number: number;
  readonly addresses: readonly string[];
  readonly balancesWei: Readonly<Record<string, string>>;
  readonly nonceAtNumber: Readonly<Record<string, number>>;
  readonly nonceAtWindowStart: Readonly<Record<string, number>>;
  readonly coinbaseByBlock: readonly string[];
  readonly proposersEachBlock: readonly string[];
  readonly result: readonly { readonly address: string; readonly method1: number; readonly method2: number }[];
}

interface Recorded {
  readonly params: Params;
  readonly cases: readonly Case[];
}

/** Of accounts on made-up chains, before missed blocks counted and since. */
export const reputation = objectKind<Recorded>('reputations', ['params', 'cases'], function* ({ params, cases }) {
  const weights = { balance: params.alpha, transactions: params.beta, blocks: params.gamma };
  const since = BigInt(params.method2FromBlock);
  for (const [i, one] of cases.entries()) {
    const facts = factsOf(one, params);
    const scores = (number: bigint): unknown => reputations(facts, weights, number).map((score, k) => ({ address: one.addresses[k], score }));
    yield same(`${i}: without missed blocks`, () => scores(since - 1n), one.result.map(({ address, method1 }) => ({ address, score: method1 })));
    yield same(`${i}: with missed blocks`, () => scores(since), one.result.map(({ address, method2 }) => ({ address, score: method2 })));
  }
});

function factsOf(one: Case, { window }: Params) {
  const { number, coinbaseByBlock, proposersEachBlock } = one;
  const missed = coinbaseByBlock.map((coinbase, k) => (k > 0 && k <= number && /^0x0+$/.test(coinbase) ? proposersEachBlock[((k - 1) % 12) % 4] : undefined));
  const counted = coinbaseByBlock.slice(Math.max(0, number - window), number);
  return one.addresses.map((address) => ({
    balance: BigInt(one.balancesWei[address] ?? 0),
    transactions: BigInt((one.nonceAtNumber[address] ?? 0) - (one.nonceAtWindowStart[address] ?? 0)),
    blocks: counted.filter((coinbase) => coinbase === address).length,
    missedBlocks: missed.filter((proposer) => proposer === address).length,
  }));
}
