import type { Bytes } from '../../base/bytes.ts';

/** A contract that is part of the machine. */
export interface Precompile {
  /** Price of a call with this input; Infinity when no gas can pay it. */
  gas(input: Bytes): number;
  /** The output, or undefined when the frame fails. Runs only after `gas` was paid. */
  run(input: Bytes): Bytes | undefined;
}

/** `length` bytes from `offset` on; beyond the end of the input are zeros. */
export function slice(input: Bytes, offset: number, length: number): Bytes {
  const out = new Uint8Array(length);
  out.set(input.subarray(Math.min(offset, input.length), Math.min(offset + length, input.length)));
  return out;
}
