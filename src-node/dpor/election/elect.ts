/** The draw among candidates, weighted by their reputation, in two groups: the lower ones have seats of their own (docs/protocol/06 §5.3). */
import { compare, type Bytes } from '../../base/bytes.ts';
import { GoRandom } from './go-random.ts';

export interface Candidate {
  readonly address: Bytes;
  /** At least 1000, as every score is: among zeros a draw may never end. */
  readonly reputation: number;
}

export interface Seats {
  readonly total: number;
  /** How many candidates make the lower group. */
  readonly lowCandidates: number;
  /** Seats of the lower group. */
  readonly low: number;
}

/** The elected, the lower group first; nobody when seats and candidates do not fit together. */
export function elect(candidates: readonly Candidate[], seed: bigint, seats: Seats): readonly Bytes[] {
  if (seats.lowCandidates > candidates.length || seats.low > seats.total || seats.total > candidates.length) return [];
  const rising = candidates.toSorted((a, b) => a.reputation - b.reputation || compare(a.address, b.address));
  const random = new GoRandom(seed);
  const low = pick(rising.slice(0, seats.lowCandidates), random, seats.low);
  return [...low, ...pick(rising.slice(seats.lowCandidates), random, seats.total - seats.low)];
}

function pick(group: readonly Candidate[], random: GoRandom, seats: number): readonly Bytes[] {
  if (group.length <= seats) return group.map(({ address }) => address);
  let sum = 0;
  const sums = group.map(({ reputation }) => (sum += reputation));
  const chosen = new Set<number>();
  while (chosen.size < seats) {
    const hit = Number(random.int63n(BigInt(sum)));
    chosen.add(sums.findIndex((upTo) => hit <= upTo)); // "<=": the first one owns a number more than its share
  }
  return [...chosen].map((index) => (group[index] as Candidate).address);
}
