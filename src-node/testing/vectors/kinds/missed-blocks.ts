import { reputations } from '../../../dpor/reputation.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  /** Blocks that the account missed. */
  readonly impeached: number;
  /** Its reputation without them, and with them. */
  readonly rpt: number;
  readonly result: number;
}

const SINCE = 1_244_472n;
/** The rank of an account that is alone. */
const FIRST = 100;

export const missedBlocks = recordsKind<Recorded>('missed blocks', ['impeached', 'rpt', 'result'], ({ impeached, rpt, result }) => {
  const account = { balance: 1n, transactions: 0n, blocks: 0, missedBlocks: impeached };
  return [same(`${rpt} with ${impeached} missed`, () => reputations([account], { balance: rpt / FIRST, transactions: 0, blocks: 0 }, SINCE), [result])];
});
