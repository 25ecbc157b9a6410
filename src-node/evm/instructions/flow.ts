/** Jumps, the end of a frame, and what code may ask about its own progress. */
import { claimMemory, halt, pop, push, rangeEnd, toOffset, type Frame } from '../frame.ts';

export function stop(frame: Frame): void {
  frame.running = false;
}

function jumpTo(frame: Frame, target: bigint): void {
  frame.environment.atJump();
  const position = target < frame.program.code.length ? Number(target) : -1;
  if (frame.program.isJumpTarget(position)) frame.position = position;
  else halt(frame, 'INVALID_JUMP');
}

export function jump(frame: Frame): void {
  jumpTo(frame, pop(frame));
}

export function jumpi(frame: Frame): void {
  const target = pop(frame);
  if (pop(frame) !== 0n) jumpTo(frame, target);
}

export function jumpdest(): void {
  // a mark that costs gas and does nothing
}

export function pc(frame: Frame): void {
  push(frame, BigInt(frame.position - 1));
}

export function msize(frame: Frame): void {
  push(frame, BigInt(frame.memory.size));
}

export function gas(frame: Frame): void {
  push(frame, BigInt(frame.gas));
}

/** RETURN. */
export function returnOutput(frame: Frame): void {
  const offset = toOffset(pop(frame));
  const length = toOffset(pop(frame));
  if (!claimMemory(frame, rangeEnd(offset, length), 0)) return;
  frame.output = frame.memory.window(offset, length);
  frame.running = false;
}

export function revert(frame: Frame): void {
  returnOutput(frame);
  frame.error ??= 'REVERT';
}
