import { BASE_GAS, MAX_STACK, MIN_STACK, OPCODE_NAMES } from '../../../evm/instruction-set.ts';
import { hasFields, same, type VectorKind } from '../vector-kind.ts';

interface Recorded {
  readonly code: string;
  readonly name: string;
  /** Begins with the fixed part. */
  readonly gas: string;
  readonly minStack: number;
  readonly maxStackBefore: number;
}

/** Exactly the instructions of the chain, their fixed prices and stack bounds. */
export const instructionSet: VectorKind = {
  name: 'instruction set',
  recognises: ({ records }) => hasFields(records[0], ['code', 'name', 'gas', 'minStack', 'maxStackBefore']),
  *cases({ records }) {
    const rows = records as readonly Recorded[];
    yield same('which there are', () => OPCODE_NAMES.filter((name) => name !== undefined), rows.map(({ name }) => name));
    for (const { code, name, gas, minStack, maxStackBefore } of rows) {
      const opcode = Number(code);
      const fixed = name === 'SSTORE' ? 0 : Number(/^\d+/.exec(gas)?.[0] ?? 0); // SSTORE has no fixed part
      yield same(name, () => ({ name: OPCODE_NAMES[opcode], fixed: BASE_GAS[opcode], least: MIN_STACK[opcode], most: MAX_STACK[opcode] }), { name, fixed, least: minStack, most: maxStackBefore });
    }
  },
};
