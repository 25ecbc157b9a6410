/** Which term a block belongs to, and whose turn it is (docs/protocol/06 §3). */
import type { DporConfig } from '../networks/network-config.ts';

export type TermShape = Pick<DporConfig, 'termLen' | 'viewLen'>;

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
  return termOf(number, shape) + 3n;
}

/** Whether block `number` is the last of its term, where elections are held. */
export function isCheckpoint(number: bigint, shape: TermShape): boolean {
  return number > 0n && number % blocksPerTerm(shape) === 0n;
}

/** Whether the network's default proposers serve in a term: it begins no later than `maxInitBlockNumber` ends (docs/protocol/06 §4). */
export function hasDefaultProposers(term: bigint, config: TermShape & Pick<DporConfig, 'maxInitBlockNumber'>): boolean {
  return term * blocksPerTerm(config) <= config.maxInitBlockNumber;
}

function blocksPerTerm({ termLen, viewLen }: TermShape): bigint {
  return BigInt(termLen * viewLen);
}
