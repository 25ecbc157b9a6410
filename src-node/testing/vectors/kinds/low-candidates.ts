import { lowCandidateCount } from '../../../dpor/election/committee.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly pct: number;
  readonly total: number;
  readonly count: number;
}

export const lowCandidates = recordsKind<Recorded>('lower candidates', ['pct', 'total', 'count'], ({ pct, total, count }) => [same(`${pct} % of ${total}`, () => lowCandidateCount(pct, total), count)]);
