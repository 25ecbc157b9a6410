/** Which term a block belongs to, and whose turn it is (docs/protocol/06 §3). */
import type { DporConfig } from '../networks/network-config.ts';

export type TermShape = Pick<DporConfig, 'termLen' | 'viewLen'>;

/** Terms between the one at whose end proposers are elected and theirs. */
const TERMS_AHEAD = 2n;

/** Term of block `number`; genesis counts to term 0. */
export function termOf(number: bigint, shape: TermShape): bigint {
  return number === 0n ? 0n : (number - 1n) / blocksPerTerm(shape);
}

/** Place in the term's list of the proposer of block `number` ≥ 1. */
export function proposerIndexOf(number: bigint, shape: TermShape): number {
  return Number(((number - 1n) % blocksPerTerm(shape)) % BigInt(shape.termLen));
}

/** The term that an election at block `number` is for: two terms lie between. */
export function futureTermOf(number: bigint, shape: TermShape): bigint {
  return termOf(number, shape) + 1n + TERMS_AHEAD;
}

/** Whether block `number` is the last of its term, where elections are held. */
export function isCheckpoint(number: bigint, shape: TermShape): boolean {
  return number > 0n && number % blocksPerTerm(shape) === 0n;
}

/** The first block of a term. */
export function firstBlockOf(term: bigint, shape: TermShape): bigint {
  return term * blocksPerTerm(shape) + 1n;
}

/** The block at which the proposers of term ≥ 3 are elected. */
export function electionBlockOf(term: bigint, shape: TermShape): bigint {
  return (term - TERMS_AHEAD) * blocksPerTerm(shape);
}

/** Whether an election is held at a block that is the last of its term: not before it can be for a term without default proposers. */
export function holdsElections(number: bigint, config: TermShape & Pick<DporConfig, 'maxInitBlockNumber'>): boolean {
  return isCheckpoint(number, config) && number >= config.maxInitBlockNumber - TERMS_AHEAD * blocksPerTerm(config);
}

/** Whether the network's default proposers serve in a term: it begins no later than `maxInitBlockNumber` ends (docs/protocol/06 §4). */
export function hasDefaultProposers(term: bigint, config: TermShape & Pick<DporConfig, 'maxInitBlockNumber'>): boolean {
  return term * blocksPerTerm(config) <= config.maxInitBlockNumber;
}

export function blocksPerTerm({ termLen, viewLen }: TermShape): bigint {
  return BigInt(termLen * viewLen);
}
