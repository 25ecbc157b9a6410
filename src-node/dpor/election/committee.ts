/** The proposers of a term (docs/protocol/06 §5.4): elected ones, and on the large networks a default proposer among every three. */
import { byteKey } from '../../base/byte-key.ts';
import type { Bytes } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import { chooseSome } from './choose-some.ts';
import { elect, type Candidate } from './elect.ts';
import { GoRandom } from './go-random.ts';

/** What the contract of reputations says; bounded here. */
export interface SeatRules {
  readonly totalSeats: number;
  readonly lowSeats: number;
  readonly lowPercentage: number;
}

/** Where the contract does not answer. */
export const DEFAULT_SEAT_RULES: SeatRules = { totalSeats: 8, lowSeats: 2, lowPercentage: 50 };

/** Seats that default proposers keep on networks whose terms have more than these. */
const RESERVED = 4;
/** Lower candidates, and their seats, on the small networks. */
const SMALL_LOW = 2;

export interface Election {
  readonly candidates: readonly Candidate[];
  readonly seed: bigint;
  readonly rules: SeatRules;
}

export interface CommitteeShape {
  readonly termLen: number;
  /** Default proposers. */
  readonly proposers: readonly Bytes[];
}

/** In the order of their turns. Small networks elect nobody from fewer candidates than seats. */
export function electCommittee({ candidates, seed, rules }: Election, { termLen, proposers }: CommitteeShape): readonly Bytes[] {
  if (termLen <= RESERVED) return elect(candidates, seed, { total: termLen, lowCandidates: SMALL_LOW, low: SMALL_LOW });
  const total = clamp(rules.totalSeats, DEFAULT_SEAT_RULES.totalSeats);
  const low = clamp(rules.lowSeats, DEFAULT_SEAT_RULES.lowSeats);
  const percentage = clamp(rules.lowPercentage, DEFAULT_SEAT_RULES.lowPercentage);
  const elected = elect(candidates, seed, { total, low, lowCandidates: lowCandidateCount(percentage, candidates.length) });
  const filled = [...elected, ...proposers.slice(0, termLen - RESERVED - elected.length)];
  const taken = new Set(filled.map(byteKey));
  const reserved = chooseSome(proposers.filter((address) => !taken.has(byteKey(address))), seed, RESERVED);
  return insertEvenly(filled, reserved, seed, termLen / RESERVED);
}

/** Doubles, from left to right: 29 % of 100 are 28. */
export function lowCandidateCount(percentage: number, candidates: number): number {
  return Math.trunc(percentage * 0.01 * candidates);
}

/** What seeds the election at the block of this hash: its last 8 bytes, signed. */
export function electionSeed(blockHash: Bytes): bigint {
  invariant(blockHash.length === 32, 'A block hash has 32 bytes.');
  return new DataView(blockHash.buffer, blockHash.byteOffset, 32).getBigInt64(24);
}

/** Groups of `size`: the next of `elected`, and one of `reserved` at a place that is drawn. */
function insertEvenly(elected: readonly Bytes[], reserved: readonly Bytes[], seed: bigint, size: number): readonly Bytes[] {
  const random = new GoRandom(seed);
  return reserved.flatMap((one, i) => elected.slice(i * (size - 1), (i + 1) * (size - 1)).toSpliced(random.intn(size), 0, one));
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
