/** The numbers of the contract of reputations (docs/protocol/06 §5.4, §6). */
import type { Bytes } from '../base/bytes.ts';
import { isCoded } from '../base/errors.ts';
import type { Chain } from '../chain/chain.ts';
import { AbiCodec, int } from '../contracts/abi-codec.ts';
import type { Header } from '../primitives/header.ts';
import { callAt } from './contract-call.ts';
import { DEFAULT_SEAT_RULES, type SeatRules } from './election/committee.ts';
import type { ReputationWeights } from './reputation.ts';

export interface ReputationRules {
  readonly weights: ReputationWeights;
  /** Blocks back in which the work of an account counts. */
  readonly window: bigint;
  readonly seats: SeatRules;
}

/** What the network falls back to without the contract. */
const DEFAULTS = { alpha: 50, beta: 15, gamma: 10, window: 100, totalSeats: DEFAULT_SEAT_RULES.totalSeats, lowRptSeats: DEFAULT_SEAT_RULES.lowSeats, lowRptPercentage: DEFAULT_SEAT_RULES.lowPercentage } as const;
const CODEC = new AbiCodec(Object.keys(DEFAULTS).map((name) => `function ${name}() view returns (uint256)`));

/** As the contract says after a block. @throws STATE_MISSING */
export function reputationRules(chain: Chain, at: Header): ReputationRules {
  const { rpt } = chain.network.contracts;
  const number = (name: keyof typeof DEFAULTS): number => numberIn(name, rpt === undefined ? null : callAt(chain, at, rpt, CODEC.call(name, [])));
  return {
    weights: { balance: number('alpha'), transactions: number('beta'), blocks: number('gamma') },
    window: BigInt(number('window')),
    seats: { totalSeats: number('totalSeats'), lowSeats: number('lowRptSeats'), lowPercentage: number('lowRptPercentage') },
  };
}

function numberIn(name: keyof typeof DEFAULTS, result: Bytes | null): number {
  if (result === null) return DEFAULTS[name];
  try {
    return int(CODEC.result(name, result)[0]);
  } catch (error) {
    if (isCoded(error, 'BAD_RESULT')) return DEFAULTS[name];
    throw error;
  }
}
