/** PUSH, DUP, SWAP and POP. */
import { peek, push, replace, type Frame } from '../frame.ts';

const SMALL: readonly bigint[] = Array.from({ length: 256 }, (_, value) => BigInt(value));

export function drop(frame: Frame): void {
  frame.depth--;
}

export function push1(frame: Frame): void {
  push(frame, SMALL[frame.program.code[frame.position++] ?? 0] as bigint);
}

export function pushConstant(frame: Frame, opcode: number): void {
  const length = opcode - 0x5f;
  push(frame, frame.program.constant(frame.position, length));
  frame.position += length;
}

export function dup(frame: Frame, opcode: number): void {
  push(frame, frame.stack[frame.depth - (opcode - 0x7f)] as bigint);
}

export function swap(frame: Frame, opcode: number): void {
  const other = frame.depth - 1 - (opcode - 0x8f);
  const word = frame.stack[other] as bigint;
  frame.stack[other] = peek(frame);
  replace(frame, word);
}
