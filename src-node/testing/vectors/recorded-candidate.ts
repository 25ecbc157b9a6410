import { fromHex } from '../../base/bytes.ts';
import type { Candidate } from '../../dpor/election/elect.ts';

export interface RecordedCandidate {
  readonly address: string;
  readonly rpt: number;
}

export function candidatesOf(rpts: readonly RecordedCandidate[]): readonly Candidate[] {
  return rpts.map(({ address, rpt }) => ({ address: fromHex(address), reputation: rpt }));
}
