import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../base/bytes.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { BASE_GAS, MAX_STACK, MIN_STACK, OPCODE_NAMES } from './instruction-set.ts';
import { runCode } from './testing/run-code.ts';

interface Row {
  readonly code: string;
  readonly name: string;
  readonly gas: string;
  readonly minStack: number;
  readonly maxStackBefore: number;
}

interface Run {
  readonly opcode: string;
  readonly code: string;
  readonly gasLimit: number;
  readonly gasUsed: number;
  readonly return: string;
  readonly error?: string;
}

describe('instruction set', () => {
  const rows = readVectorJson<readonly Row[]>('evm/instruction-set.json');

  it('has exactly the instructions, fixed prices and stack bounds of the chain', () => {
    expect(OPCODE_NAMES.filter((name) => name !== undefined)).toHaveLength(rows.length);
    for (const row of rows) {
      const opcode = Number(row.code);
      const fixed = /^\d+/.exec(row.gas)?.[0] ?? '0';
      expect(OPCODE_NAMES[opcode]).toBe(row.name);
      expect(MIN_STACK[opcode], row.name).toBe(row.minStack);
      expect(MAX_STACK[opcode], row.name).toBe(row.maxStackBefore);
      expect(BASE_GAS[opcode], row.name).toBe(row.name === 'SSTORE' ? 0 : Number(fixed)); // SSTORE has no fixed part
    }
  });

  it('runs each of the 256 bytes as recorded', () => {
    const { ops } = readVectorJson<{ ops: readonly Run[] }>('evm/opcode-runs.json');
    expect(ops).toHaveLength(256);
    for (const run of ops) {
      const { gasUsed, returnData, error } = runCode(fromHex(run.code), { gas: BigInt(run.gasLimit) });
      expect({ opcode: run.opcode, gasUsed, returned: toHex(returnData), failed: error !== undefined }).toEqual({
        opcode: run.opcode,
        gasUsed: BigInt(run.gasUsed),
        returned: run.return,
        failed: run.error !== undefined,
      });
    }
  });
});
