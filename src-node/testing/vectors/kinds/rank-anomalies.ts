import { reputations } from '../../../dpor/reputation.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  /** How many accounts there are. */
  readonly len: number;
  /** How many have more. */
  readonly index: number;
  readonly rank: number;
  /** What arithmetic without doubles would give. */
  readonly exactFloor: number;
}

const CPC = 10n ** 18n;
/** A rank is seen in the score when it alone counts, a thousand points each: no score is below a thousand. */
const POINTS = 1000;

/** Ranks that come out differently in doubles. */
export const rankAnomalies = recordsKind<Recorded>('ranks', ['len', 'index', 'rank', 'exactFloor'], ({ len, index, rank }) => {
  const accounts = Array.from({ length: len }, (_, i) => ({ balance: BigInt(len - i) * CPC, transactions: 0n, blocks: 0, missedBlocks: 0 }));
  return [same(`${index} of ${len}`, () => reputations(accounts, { balance: POINTS, transactions: 0, blocks: 0 }, 0n)[index], rank * POINTS)];
});
