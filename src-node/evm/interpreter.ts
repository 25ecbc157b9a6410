import { halt, type Frame } from './frame.ts';
import { BASE_GAS, INSTRUCTIONS, MAX_STACK, MIN_STACK } from './instruction-set.ts';

/** Runs a frame until it ends or asks for another one. Code ends with STOP. */
export function run(frame: Frame): void {
  const { code } = frame.program;
  while (frame.running) {
    const opcode = frame.position < code.length ? (code[frame.position++] as number) : 0;
    const depth = frame.depth;
    if (depth < (MIN_STACK[opcode] as number)) return halt(frame, 'STACK_UNDERFLOW');
    if (depth > (MAX_STACK[opcode] as number)) return halt(frame, 'STACK_OVERFLOW');
    if ((frame.gas -= BASE_GAS[opcode] as number) < 0) return halt(frame, 'OUT_OF_GAS');
    (INSTRUCTIONS[opcode] as (typeof INSTRUCTIONS)[number])(frame, opcode);
  }
}
