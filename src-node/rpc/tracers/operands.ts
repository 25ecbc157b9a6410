/** What instructions find on the stack and in memory. */
import { EMPTY_BYTES, toBigInt, type Bytes } from '../../base/bytes.ts';
import { precompileAt } from '../../evm/precompiles/table.ts';
import type { TraceStep } from '../../evm/trace.ts';
import { addressOfWord } from '../../evm/word.ts';

/** The word that stands `depth` below the top of the stack before the instruction; undefined when there is none. */
export function operand({ stack }: TraceStep, depth: number): bigint | undefined {
  return stack.at(-1 - depth);
}

/** A part of the memory before the instruction, at the size that it pays for; nothing where the instruction could not pay. */
export function memoryPart({ memory }: TraceStep, offset: bigint, length: bigint): Bytes {
  return offset + length > BigInt(memory.length) ? EMPTY_BYTES : memory.slice(Number(offset), Number(offset + length));
}

/** Whether a call of the address in this word runs a precompiled contract. */
export function isPrecompiled(word: bigint): boolean {
  return precompileAt(toBigInt(addressOfWord(word))) !== undefined;
}
