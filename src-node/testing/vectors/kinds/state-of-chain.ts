import { stateDumpCases, type StateDump } from '../state-dump.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly dump: StateDump;
  readonly stateRoot: string;
}

/** All accounts of a chain after one of its blocks. */
export const stateOfChain = objectKind<Recorded>('state', ['dump', 'stateRoot'], function* ({ dump, stateRoot }) {
  yield same('root that the block names', () => `0x${dump.root}`, stateRoot);
  yield* stateDumpCases(dump);
});
