import { fromHex, toHex } from '../../../base/bytes.ts';
import { electCommittee, electionSeed, lowCandidateCount } from '../../../dpor/election/committee.ts';
import { futureTermOf, termOf } from '../../../dpor/terms.ts';
import { networkNamed } from '../../../networks/network.ts';
import { candidatesOf, type RecordedCandidate } from '../recorded-candidate.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly runMode: string;
  readonly number: number;
  readonly hash: string;
  readonly seedFromHash: string;
  readonly seed: string;
  readonly term: number;
  readonly futureTerm: number;
  readonly termLen: number;
  readonly rpts: readonly RecordedCandidate[];
  readonly totalSeats: number;
  readonly lowRptSeats: number;
  readonly lowRptPct: number;
  readonly lowRptCount: number;
  readonly proposers: readonly string[];
}

export const committee = recordsKind<Recorded>('committees', ['runMode', 'rpts', 'seed', 'seedFromHash', 'lowRptPct', 'proposers'], function* (recorded, index) {
  const { dpor, proposers } = networkNamed(recorded.runMode);
  const number = BigInt(recorded.number);
  const rules = { totalSeats: recorded.totalSeats, lowSeats: recorded.lowRptSeats, lowPercentage: recorded.lowRptPct };
  yield same(`${index}: seed of the hash`, () => String(electionSeed(fromHex(recorded.hash))), recorded.seedFromHash);
  yield same(`${index}: terms`, () => [dpor.termLen, termOf(number, dpor), futureTermOf(number, dpor)], [recorded.termLen, BigInt(recorded.term), BigInt(recorded.futureTerm)]);
  yield same(`${index}: lower candidates`, () => lowCandidateCount(recorded.lowRptPct, recorded.rpts.length), recorded.lowRptCount);
  yield same(`${index}: proposers`, () => electCommittee({ candidates: candidatesOf(recorded.rpts), seed: BigInt(recorded.seed), rules }, { termLen: dpor.termLen, proposers }).map(toHex), recorded.proposers);
});
