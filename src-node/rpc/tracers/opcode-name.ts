import { OPCODE_NAMES } from '../../evm/instruction-set.ts';

/** As other nodes of the network write it, also where a byte is no instruction. */
export function opcodeName(opcode: number): string {
  return OPCODE_NAMES[opcode] ?? `Missing opcode 0x${opcode.toString(16)}`;
}
