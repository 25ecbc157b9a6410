import type { DporConfig } from '../networks/network-config.ts';

/** Signatures of distinct validators that make a block final (docs/protocol/06 §8.1). */
export function quorum(isImpeachBlock: boolean, { faulty }: Pick<DporConfig, 'faulty'>): number {
  return isImpeachBlock ? faulty + 1 : 2 * faulty + 1;
}
