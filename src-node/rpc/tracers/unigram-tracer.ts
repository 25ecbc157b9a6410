import { opcodeName } from './opcode-name.ts';
import { Tally } from './tally.ts';
import type { StartTracer } from './tracer.ts';

/** How often each instruction came. */
export const unigramTracer: StartTracer = ({ grow }) => {
  const tally = new Tally(grow);
  return { step: ({ opcode }) => tally.add(opcodeName(opcode)), result: () => tally.view() };
};
