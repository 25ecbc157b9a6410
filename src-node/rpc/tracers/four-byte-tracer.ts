import { hexOf, type Bytes } from '../../base/bytes.ts';
import { failedBefore } from './error-text.ts';
import { opcodeName } from './opcode-name.ts';
import { isPrecompiled, memoryPart, operand } from './operands.ts';
import { Tally } from './tally.ts';
import type { StartTracer } from './tracer.ts';

const SELECTOR_LENGTH = 4;
/** Where the place of a call's data stands on the stack; its length comes next. */
const DATA_OPERAND: Readonly<Partial<Record<string, number>>> = { CALL: 3, CALLCODE: 3, DELEGATECALL: 2, STATICCALL: 2 };

/** How often each method was called, from outside or by another contract: the first four bytes of the data, and how long the rest is. */
export const fourByteTracer: StartTracer = ({ tx, grow }) => {
  const tally = new Tally(grow);
  const add = (data: Bytes, length: bigint): void => {
    if (length >= SELECTOR_LENGTH) tally.add(`0x${hexOf(data.subarray(0, SELECTOR_LENGTH))}-${(length - BigInt(SELECTOR_LENGTH)).toString()}`);
  };
  return {
    step: (step) => {
      const at = DATA_OPERAND[opcodeName(step.opcode)];
      if (at === undefined || failedBefore(step) || isPrecompiled(operand(step, 1) ?? 0n)) return;
      const length = operand(step, at + 1) ?? 0n;
      add(memoryPart(step, operand(step, at) ?? 0n, length), length);
    },
    result: () => {
      add(tx.payload, BigInt(tx.payload.length));
      return tally.view();
    },
  };
};
