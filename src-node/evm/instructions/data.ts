/** Memory, call data, code and return data: loads, stores and copies. */
import type { Bytes } from '../../base/bytes.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { toBigInt } from '../../base/bytes.ts';
import { claimMemory, halt, peek, pop, push, rangeEnd, replace, toOffset, type Frame } from '../frame.ts';
import { GAS, wordsOf } from '../gas.ts';
import { addressOfWord } from '../word.ts';

export function mload(frame: Frame): void {
  const offset = toOffset(peek(frame));
  if (claimMemory(frame, offset + 32, 0)) replace(frame, frame.memory.loadWord(offset));
}

export function mstore(frame: Frame): void {
  const offset = toOffset(pop(frame));
  const word = pop(frame);
  if (claimMemory(frame, offset + 32, 0)) frame.memory.storeWord(offset, word);
}

export function mstore8(frame: Frame): void {
  const offset = toOffset(pop(frame));
  const word = pop(frame);
  if (claimMemory(frame, offset + 1, 0)) frame.memory.storeByte(offset, Number(word & 0xffn));
}

export function sha3(frame: Frame): void {
  const offset = toOffset(pop(frame));
  const length = toOffset(peek(frame));
  if (!claimMemory(frame, rangeEnd(offset, length), GAS.keccakWord * wordsOf(length))) return;
  replace(frame, toBigInt(keccak256(frame.memory.window(offset, length))));
}

export function calldataload(frame: Frame): void {
  const input = frame.request.input;
  const offset = toOffset(peek(frame));
  if (offset >= input.length) {
    replace(frame, 0n);
    return;
  }
  const bytes = input.subarray(offset, offset + 32);
  replace(frame, toBigInt(bytes) << BigInt(8 * (32 - bytes.length)));
}

export function calldatasize(frame: Frame): void {
  push(frame, BigInt(frame.request.input.length));
}

export function calldatacopy(frame: Frame): void {
  copy(frame, () => frame.request.input);
}

export function codesize(frame: Frame): void {
  push(frame, BigInt(frame.program.code.length));
}

export function codecopy(frame: Frame): void {
  copy(frame, () => frame.program.code);
}

export function extcodesize(frame: Frame): void {
  replace(frame, BigInt(frame.environment.state.codeSizeOf(addressOfWord(peek(frame)))));
}

export function extcodecopy(frame: Frame): void {
  const address = addressOfWord(pop(frame));
  copy(frame, () => frame.environment.state.codeOf(address));
}

export function returndatasize(frame: Frame): void {
  push(frame, BigInt(frame.returnData.length));
}

export function returndatacopy(frame: Frame): void {
  const from = toOffset(frame.stack[frame.depth - 2] as bigint);
  const length = toOffset(frame.stack[frame.depth - 3] as bigint);
  if (from + length > frame.returnData.length) halt(frame, 'RETURN_DATA_OUT_OF_BOUNDS');
  else copy(frame, () => frame.returnData);
}

/** Takes memory offset, source offset and length from the stack; the source is fetched once it is paid for. */
function copy(frame: Frame, source: () => Bytes): void {
  const offset = toOffset(pop(frame));
  const from = toOffset(pop(frame));
  const length = toOffset(pop(frame));
  if (!claimMemory(frame, rangeEnd(offset, length), GAS.copyWord * wordsOf(length))) return;
  if (length > 0) frame.memory.store(offset, source(), from, length);
}
