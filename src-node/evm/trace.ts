/** The interpreter with somebody looking on: each instruction as it found the frame, and what it cost. */
import type { Bytes } from '../base/bytes.ts';
import type { EvmErrorCode } from './errors.ts';
import { halt, type Frame } from './frame.ts';
import { BASE_GAS, INSTRUCTIONS, MAX_STACK, MIN_STACK } from './instruction-set.ts';

export interface TraceStep {
  readonly position: number;
  readonly opcode: number;
  /** Before the instruction. */
  readonly gas: number;
  /** With what a call passes on. */
  readonly gasCost: number;
  /** 1 for the outermost frame. */
  readonly depth: number;
  /** Before the instruction, the top last. */
  readonly stack: readonly bigint[];
  /** Before the instruction, at the size that it pays for. */
  readonly memory: Bytes;
  /** Of the frame. */
  readonly code: Bytes;
  /** Whose storage the code works on, 20 bytes. */
  readonly self: Bytes;
  /** Why the frame ended here by force. */
  readonly error: EvmErrorCode | undefined;
}

/** Its methods may throw to abandon the execution. */
export interface Tracer {
  /** Told of an instruction before it changes the state; it may fail then. */
  before?(coming: Pick<TraceStep, 'opcode' | 'stack' | 'self'>): void;
  step(step: TraceStep): void;
}

/** As `run` of the interpreter, which stays free of this. */
export function runTraced(frame: Frame, depth: number, tracer: Tracer): void {
  const { code } = frame.program;
  while (frame.running) {
    const { position, gas } = frame;
    const opcode = code[position] ?? 0;
    const stack = frame.stack.slice(0, frame.depth);
    const before = frame.memory.window(0, frame.memory.size).slice();
    tracer.before?.({ opcode, stack, self: frame.self.bytes });
    if (position < code.length) frame.position++;
    step(frame, opcode);
    const memory = new Uint8Array(frame.memory.size);
    memory.set(before);
    const error = frame.error === 'REVERT' ? undefined : frame.error;
    tracer.step({ position, opcode, gas, gasCost: gas - frame.gas - ownGasOfCreation(frame), depth, stack, memory, code, self: frame.self.bytes, error });
  }
}

function step(frame: Frame, opcode: number): void {
  if (frame.depth < (MIN_STACK[opcode] ?? 0)) return halt(frame, 'STACK_UNDERFLOW');
  if (frame.depth > (MAX_STACK[opcode] ?? 0)) return halt(frame, 'STACK_OVERFLOW');
  if ((frame.gas -= BASE_GAS[opcode] ?? 0) < 0) return halt(frame, 'OUT_OF_GAS');
  INSTRUCTIONS[opcode]?.(frame, opcode);
}

/** What CREATE passes on is no part of its price, other than with calls. */
function ownGasOfCreation({ child }: Frame): number {
  return child?.kind === 'create' ? child.gas : 0;
}
