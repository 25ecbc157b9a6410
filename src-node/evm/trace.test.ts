import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, hexOf } from '../base/bytes.ts';
import { OPCODE_NAMES } from './instruction-set.ts';
import { CONTRACT, runCode } from './testing/run-code.ts';
import type { TraceStep } from './trace.ts';

function traced(code: string, gas = 100_000n): { readonly steps: readonly TraceStep[]; readonly run: ReturnType<typeof runCode> } {
  const steps: TraceStep[] = [];
  return { run: runCode(fromHex(code), { gas, tracer: { step: (step) => steps.push(step) } }), steps };
}

const told = ({ steps }: { readonly steps: readonly TraceStep[] }): unknown => steps.map(({ opcode, gasCost, depth, error }) => [OPCODE_NAMES[opcode], gasCost, depth, error]);

describe('an execution that is looked on', () => {
  it('shows memory as it was, at the size that the instruction pays for', () => {
    const { steps } = traced('602a60005260006000f3');
    expect(steps.map(({ memory }) => hexOf(memory))).toEqual(['', '', '00'.repeat(32), ...new Array<string>(3).fill(`${'00'.repeat(31)}2a`)]);
    expect(steps.map(({ stack }) => stack)).toEqual([[], [0x2an], [0x2an, 0n], [], [0n], [0n, 0n]]);
    expect(hexOf(steps[0]?.self ?? new Uint8Array())).toBe(hexOf(CONTRACT));
  });

  it('ends with the instruction that breaks off', () => {
    expect(told(traced('600160fe50fe'))).toEqual([['PUSH1', 3, 1, undefined], ['PUSH1', 3, 1, undefined], ['POP', 2, 1, undefined], [undefined, 0, 1, 'INVALID_OPCODE']]);
    expect(told(traced('01'))).toEqual([['ADD', 0, 1, 'STACK_UNDERFLOW']]);
    expect(traced('5b600056', 1000n).steps.at(-1)?.error).toBe('OUT_OF_GAS');
    expect(told(traced('60006000fd'))).toEqual([['PUSH1', 3, 1, undefined], ['PUSH1', 3, 1, undefined], ['REVERT', 0, 1, undefined]]);
    expect(told(traced('6001'))).toEqual([['PUSH1', 3, 1, undefined], ['STOP', 0, 1, undefined]]);
  });

  it('comes to the same end as one that nobody looks at', () => {
    const instruction = fc.oneof(fc.constantFrom(0x01, 0x03, 0x20, 0x35, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x59, 0x5a, 0x5b, 0x80, 0x90, 0xf0, 0xf1, 0xf3, 0xfd), fc.nat(255));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(0x60, 0x5b), fc.nat(70), instruction), { maxLength: 60 }), (parts) => {
        const code = Uint8Array.from(parts.flat());
        const quiet = runCode(code, { gas: 60_000n });
        const { run } = traced(hexOf(code), 60_000n);
        for (const { state } of [quiet, run]) state.finalise();
        expect([run.gasUsed, run.error, hexOf(run.returnData), hexOf(run.state.root())]).toEqual([quiet.gasUsed, quiet.error, hexOf(quiet.returnData), hexOf(quiet.state.root())]);
      }),
      { numRuns: 300 },
    );
  });
});
