import { fromHex, toHex } from '../../../base/bytes.ts';
import { chooseSome } from '../../../dpor/election/choose-some.ts';
import { electCommittee, electionSeed, lowCandidateCount } from '../../../dpor/election/committee.ts';
import { elect } from '../../../dpor/election/elect.ts';
import { network } from '../../../networks/network.ts';
import { candidatesOf, type RecordedCandidate } from '../recorded-candidate.ts';
import { hasFields, same, type VectorCase, type VectorKind } from '../vector-kind.ts';

interface Recorded {
  readonly blockHash: string;
  readonly seed: string;
  readonly rpts: readonly RecordedCandidate[];
  readonly totalSeats: number;
  readonly lowRptSeats: number;
  readonly lowRptPct: number;
  readonly lowRptCount: number;
  readonly elected: readonly string[];
  readonly proposers: readonly string[];
}

/** When there are more candidates than take part. */
interface Choice {
  readonly all: readonly string[];
  readonly chosen: readonly string[];
  readonly seed: string;
}

/** Elections of mainnet with the draw on the way, and choices among candidates. */
export const mainnetElections: VectorKind = {
  name: 'elections of mainnet',
  recognises: ({ records }) => hasFields(records[0], ['blockHash', 'seed', 'rpts', 'elected', 'proposers']),
  *cases({ records }) {
    for (const [i, one] of records.entries()) yield* hasFields(one, ['chosen']) ? choiceCases(i, one as Choice) : electionCases(i, one as Recorded);
  },
};

function* choiceCases(index: number, { all, chosen, seed }: Choice): Generator<VectorCase> {
  yield same(`${index}: ${chosen.length} of ${all.length}`, () => chooseSome(all, BigInt(seed), chosen.length), chosen);
}

function* electionCases(index: number, recorded: Recorded): Generator<VectorCase> {
  const candidates = candidatesOf(recorded.rpts);
  const seed = BigInt(recorded.seed);
  const { totalSeats, lowRptSeats: lowSeats, lowRptPct: lowPercentage, lowRptCount: lowCandidates } = recorded;
  yield same(`${index}: seed`, () => electionSeed(fromHex(recorded.blockHash)), seed);
  yield same(`${index}: lower candidates`, () => lowCandidateCount(lowPercentage, candidates.length), lowCandidates);
  yield same(`${index}: elected`, () => elect(candidates, seed, { total: totalSeats, low: lowSeats, lowCandidates }).map(toHex), recorded.elected);
  yield same(`${index}: proposers`, () => electCommittee({ candidates, seed, rules: { totalSeats, lowSeats, lowPercentage } }, { termLen: 12, proposers: network('mainnet').proposers }).map(toHex), recorded.proposers);
}
