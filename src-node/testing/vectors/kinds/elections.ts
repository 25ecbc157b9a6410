import { fromHex, toHex } from '../../../base/bytes.ts';
import { DEFAULT_SEAT_RULES, electCommittee, electionSeed } from '../../../dpor/election/committee.ts';
import { reputationFacts } from '../../../dpor/reputation-facts.ts';
import { reputations } from '../../../dpor/reputation.ts';
import { Snapshots } from '../../../dpor/snapshots.ts';
import { futureTermOf, isCheckpoint, termOf } from '../../../dpor/terms.ts';
import { headerHash } from '../../../primitives/header.ts';
import { decodeBlock } from '../../../primitives/block.ts';
import { blocksIn, testChain } from '../../chains.ts';
import { networkOf } from '../network-of.ts';
import { candidatesOf, type RecordedCandidate } from '../recorded-candidate.ts';
import { hasFields, same, type VectorKind } from '../vector-kind.ts';

interface Recorded {
  readonly number: number;
  readonly term: number;
  readonly futureTerm: number;
  readonly seed: string;
  /** In the order of the candidates. */
  readonly rpts: readonly RecordedCandidate[];
  readonly proposers: readonly string[];
}

const WEIGHTS = { balance: 50, transactions: 15, blocks: 10 };
const WINDOW = 100n;

/** Elections as they were held on the chain beside: seed, reputations, who was elected, and who then served. */
export const elections: VectorKind = {
  name: 'elections of a chain',
  recognises: ({ records }) => hasFields(records[0], ['number', 'futureTerm', 'seed', 'rpts', 'proposers', 'candidatesFromContract']),
  async *cases(file) {
    const blocks = blocksIn(file.beside('dev-chain.rlp').bytes);
    const headers = blocks.map((encoded) => decodeBlock(encoded).header);
    const network = await networkOf(headers[0] === undefined ? new Uint8Array() : headerHash(headers[0]));
    const chain = await testChain(network);
    for (const { number, term, futureTerm, seed, rpts, proposers } of file.records as readonly Recorded[]) {
      yield same(`block ${number}: seed`, async () => {
        await chain.importBlocks(blocks.slice(0, number + 1));
        return String(electionSeed(chain.head.hash));
      }, seed);
      yield same(`block ${number}: terms`, () => [isCheckpoint(BigInt(number), network.dpor), termOf(BigInt(number), network.dpor), futureTermOf(BigInt(number), network.dpor)], [true, BigInt(term), BigInt(futureTerm)]);
      yield same(`block ${number}: reputations`, () => reputations(reputationFacts(chain, rpts.map(({ address }) => fromHex(address)), { window: WINDOW, at: chain.head.header }), WEIGHTS, BigInt(number)), rpts.map(({ rpt }) => rpt));
      yield same(`block ${number}: elected`, () => electCommittee({ candidates: candidatesOf(rpts), seed: BigInt(seed), rules: DEFAULT_SEAT_RULES }, { ...network, ...network.dpor }).map(toHex), proposers);
      yield same(`block ${number}: snapshot`, () => {
        const { candidates, proposers: lists } = new Snapshots({ chain }).at(chain.head);
        return { candidates: candidates.map(toHex), elected: lists.get(BigInt(futureTerm))?.map(toHex) };
      }, { candidates: rpts.map(({ address }) => address), elected: proposers });
      const served = headers.filter((header) => termOf(header.number, network.dpor) === BigInt(futureTerm));
      for (const header of served) yield same(`block ${number}: proposers in block ${header.number.toString()}`, () => header.dpor.proposers.map(toHex), proposers);
    }
  },
};
