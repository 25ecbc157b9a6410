import { opcodeName } from './opcode-name.ts';
import { Tally } from './tally.ts';
import type { StartTracer } from './tracer.ts';

/** How often each pair of neighbours came that ran at the same depth, as "PUSH1-MSTORE". */
export const bigramTracer: StartTracer = ({ grow }) => {
  const tally = new Tally(grow);
  let last = { name: '', depth: 0 };
  return {
    step: ({ opcode, depth }) => {
      const name = opcodeName(opcode);
      if (depth === last.depth) tally.add(`${last.name}-${name}`);
      last = { name, depth };
    },
    result: () => tally.view(),
  };
};
