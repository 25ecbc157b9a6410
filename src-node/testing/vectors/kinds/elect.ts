import { toHex } from '../../../base/bytes.ts';
import { elect as electFrom } from '../../../dpor/election/elect.ts';
import { candidatesOf, type RecordedCandidate } from '../recorded-candidate.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly rpts: readonly RecordedCandidate[];
  readonly seed: string;
  readonly totalSeats: number;
  readonly lowRptCount: number;
  readonly lowRptSeats: number;
  readonly result: readonly string[];
}

export const elect = recordsKind<Recorded>('draws', ['rpts', 'seed', 'totalSeats', 'lowRptCount', 'lowRptSeats', 'result'], (recorded, index) => [
  same(String(index), () => electFrom(candidatesOf(recorded.rpts), BigInt(recorded.seed), { total: recorded.totalSeats, lowCandidates: recorded.lowRptCount, low: recorded.lowRptSeats }).map(toHex), recorded.result),
]);
