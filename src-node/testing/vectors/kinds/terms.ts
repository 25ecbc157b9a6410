import { futureTermOf, isCheckpoint, proposerIndexOf, termOf } from '../../../dpor/terms.ts';
import { networkNamed } from '../../../networks/network.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly runMode: string;
  readonly number: number;
  readonly term: number;
  readonly futureTerm: number;
  readonly isCheckPoint: boolean;
  /** Null for the first block, which nobody proposed. */
  readonly proposerIndex: number | null;
}

export const terms = recordsKind<Recorded>('terms', ['runMode', 'number', 'term', 'futureTerm', 'isCheckPoint'], ({ runMode, number, ...recorded }) => {
  const { dpor } = networkNamed(runMode);
  const at = BigInt(number);
  const found = { term: Number(termOf(at, dpor)), futureTerm: Number(futureTermOf(at, dpor)), isCheckPoint: isCheckpoint(at, dpor), proposerIndex: number === 0 ? null : proposerIndexOf(at, dpor) };
  return [same(`${runMode}: block ${number}`, () => found, recorded)];
});
