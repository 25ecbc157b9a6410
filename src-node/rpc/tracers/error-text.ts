/** Errors of the machine in the words of other nodes of the network. */
import type { EvmErrorCode } from '../../evm/errors.ts';
import { LIMITS } from '../../evm/gas.ts';
import { MIN_STACK } from '../../evm/instruction-set.ts';
import type { TraceStep } from '../../evm/trace.ts';
import { opcodeName } from './opcode-name.ts';
import { operand } from './operands.ts';

const TEXTS: Readonly<Record<EvmErrorCode, string>> = {
  REVERT: 'evm: execution reverted',
  OUT_OF_GAS: 'out of gas',
  STACK_UNDERFLOW: 'stack underflow',
  STACK_OVERFLOW: `stack limit reached ${LIMITS.stack} (${LIMITS.stack})`,
  INVALID_OPCODE: 'invalid opcode',
  INVALID_JUMP: 'invalid jump destination',
  WRITE_PROTECTION: 'evm: write protection',
  RETURN_DATA_OUT_OF_BOUNDS: 'evm: return data out of bounds',
  DEPTH_LIMIT: 'max call depth exceeded',
  INSUFFICIENT_BALANCE: 'insufficient balance for transfer',
  ADDRESS_COLLISION: 'contract address collision',
  CODE_TOO_LARGE: 'evm: max code size exceeded',
  CODE_STORE_OUT_OF_GAS: 'contract creation code storage out of gas',
  PRECOMPILE_FAILED: 'precompiled contract failed',
};

/** Errors that are found when the instruction is paid for and shown already. */
const LATE: ReadonlySet<EvmErrorCode | undefined> = new Set<EvmErrorCode>(['INVALID_JUMP', 'RETURN_DATA_OUT_OF_BOUNDS']);

/** Whether the step did not come to its instruction. */
export function failedBefore({ error }: TraceStep): boolean {
  return error !== undefined && !LATE.has(error);
}

export function textOfError(error: EvmErrorCode): string {
  return TEXTS[error];
}

/** With what was wrong about this step. */
export function textOfStep(step: TraceStep, error: EvmErrorCode): string {
  const { opcode, stack, code } = step;
  const text = textOfError(error);
  if (error === 'STACK_UNDERFLOW') return `${text} (${stack.length} <=> ${MIN_STACK[opcode] ?? 0})`;
  if (error === 'INVALID_OPCODE') return `${text} 0x${opcode.toString(16)}`;
  if (error !== 'INVALID_JUMP') return text;
  const target = operand(step, 0) ?? 0n;
  return `${text} (${opcodeName(code[Number(BigInt.asUintN(64, target))] ?? 0)}) ${target.toString()}`;
}
