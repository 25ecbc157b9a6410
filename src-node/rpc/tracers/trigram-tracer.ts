import { opcodeName } from './opcode-name.ts';
import { Tally } from './tally.ts';
import type { StartTracer } from './tracer.ts';

/** How often each three neighbours came, as "PUSH1-PUSH1-MSTORE". The first instruction at another depth is passed over, and stands before the next two as "". */
export const trigramTracer: StartTracer = ({ grow }) => {
  const tally = new Tally(grow);
  let names: readonly [string, string] = ['', ''];
  let lastDepth = 0;
  return {
    step: ({ opcode, depth }) => {
      if (depth !== lastDepth) {
        names = ['', ''];
        lastDepth = depth;
        return;
      }
      const name = opcodeName(opcode);
      tally.add(`${names[0]}-${names[1]}-${name}`);
      names = [names[1], name];
    },
    result: () => tally.view(),
  };
};
