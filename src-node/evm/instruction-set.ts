/**
 * The instruction set: Byzantium and the shifts of EIP-145 (docs/protocol/03 §6). `gas` is the fixed part of the price;
 * what depends on operands is charged by the instruction itself.
 */
import { halt, type Instruction } from './frame.ts';
import { LIMITS } from './gas.ts';
import * as arithmetic from './instructions/arithmetic.ts';
import * as calls from './instructions/calls.ts';
import * as comparison from './instructions/comparison.ts';
import * as data from './instructions/data.ts';
import * as environment from './instructions/environment.ts';
import * as flow from './instructions/flow.ts';
import * as stack from './instructions/stack.ts';
import * as storage from './instructions/storage.ts';

type Row = readonly [code: number, name: string, gas: number, pops: number, pushes: number, run: Instruction];

/** `count` neighbours that differ in a number n = 1 … count. */
function family(first: number, count: number, row: (n: number) => readonly [string, number, number, number, Instruction]): Row[] {
  return Array.from({ length: count }, (_, i): Row => [first + i, ...row(i + 1)]);
}

const ROWS: readonly Row[] = [
  [0x00, 'STOP', 0, 0, 0, flow.stop],
  [0x01, 'ADD', 3, 2, 1, arithmetic.add],
  [0x02, 'MUL', 5, 2, 1, arithmetic.mul],
  [0x03, 'SUB', 3, 2, 1, arithmetic.sub],
  [0x04, 'DIV', 5, 2, 1, arithmetic.div],
  [0x05, 'SDIV', 5, 2, 1, arithmetic.sdiv],
  [0x06, 'MOD', 5, 2, 1, arithmetic.mod],
  [0x07, 'SMOD', 5, 2, 1, arithmetic.smod],
  [0x08, 'ADDMOD', 8, 3, 1, arithmetic.addmod],
  [0x09, 'MULMOD', 8, 3, 1, arithmetic.mulmod],
  [0x0a, 'EXP', 10, 2, 1, arithmetic.exp],
  [0x0b, 'SIGNEXTEND', 5, 2, 1, arithmetic.signextend],
  [0x10, 'LT', 3, 2, 1, comparison.lt],
  [0x11, 'GT', 3, 2, 1, comparison.gt],
  [0x12, 'SLT', 3, 2, 1, comparison.slt],
  [0x13, 'SGT', 3, 2, 1, comparison.sgt],
  [0x14, 'EQ', 3, 2, 1, comparison.eq],
  [0x15, 'ISZERO', 3, 1, 1, comparison.iszero],
  [0x16, 'AND', 3, 2, 1, comparison.and],
  [0x17, 'OR', 3, 2, 1, comparison.or],
  [0x18, 'XOR', 3, 2, 1, comparison.xor],
  [0x19, 'NOT', 3, 1, 1, comparison.not],
  [0x1a, 'BYTE', 3, 2, 1, comparison.byte],
  [0x1b, 'SHL', 3, 2, 1, comparison.shl],
  [0x1c, 'SHR', 3, 2, 1, comparison.shr],
  [0x1d, 'SAR', 3, 2, 1, comparison.sar],
  [0x20, 'SHA3', 30, 2, 1, data.sha3],
  [0x30, 'ADDRESS', 2, 0, 1, environment.address],
  [0x31, 'BALANCE', 400, 1, 1, environment.balance],
  [0x32, 'ORIGIN', 2, 0, 1, environment.origin],
  [0x33, 'CALLER', 2, 0, 1, environment.caller],
  [0x34, 'CALLVALUE', 2, 0, 1, environment.callvalue],
  [0x35, 'CALLDATALOAD', 3, 1, 1, data.calldataload],
  [0x36, 'CALLDATASIZE', 2, 0, 1, data.calldatasize],
  [0x37, 'CALLDATACOPY', 3, 3, 0, data.calldatacopy],
  [0x38, 'CODESIZE', 2, 0, 1, data.codesize],
  [0x39, 'CODECOPY', 3, 3, 0, data.codecopy],
  [0x3a, 'GASPRICE', 2, 0, 1, environment.gasprice],
  [0x3b, 'EXTCODESIZE', 700, 1, 1, data.extcodesize],
  [0x3c, 'EXTCODECOPY', 700, 4, 0, data.extcodecopy],
  [0x3d, 'RETURNDATASIZE', 2, 0, 1, data.returndatasize],
  [0x3e, 'RETURNDATACOPY', 3, 3, 0, data.returndatacopy],
  [0x40, 'BLOCKHASH', 20, 1, 1, environment.blockhash],
  [0x41, 'COINBASE', 2, 0, 1, environment.coinbase],
  [0x42, 'TIMESTAMP', 2, 0, 1, environment.timestamp],
  [0x43, 'NUMBER', 2, 0, 1, environment.number],
  [0x44, 'DIFFICULTY', 2, 0, 1, environment.difficulty],
  [0x45, 'GASLIMIT', 2, 0, 1, environment.gaslimit],
  [0x50, 'POP', 2, 1, 0, stack.drop],
  [0x51, 'MLOAD', 3, 1, 1, data.mload],
  [0x52, 'MSTORE', 3, 2, 0, data.mstore],
  [0x53, 'MSTORE8', 3, 2, 0, data.mstore8],
  [0x54, 'SLOAD', 200, 1, 1, storage.sload],
  [0x55, 'SSTORE', 0, 2, 0, storage.sstore],
  [0x56, 'JUMP', 8, 1, 0, flow.jump],
  [0x57, 'JUMPI', 10, 2, 0, flow.jumpi],
  [0x58, 'PC', 2, 0, 1, flow.pc],
  [0x59, 'MSIZE', 2, 0, 1, flow.msize],
  [0x5a, 'GAS', 2, 0, 1, flow.gas],
  [0x5b, 'JUMPDEST', 1, 0, 0, flow.jumpdest],
  [0x60, 'PUSH1', 3, 0, 1, stack.push1],
  ...family(0x61, 31, (n) => [`PUSH${n + 1}`, 3, 0, 1, stack.pushConstant]),
  ...family(0x80, 16, (n) => [`DUP${n}`, 3, n, n + 1, stack.dup]),
  ...family(0x90, 16, (n) => [`SWAP${n}`, 3, n + 1, n + 1, stack.swap]),
  ...family(0xa0, 5, (n) => [`LOG${n - 1}`, 375 * n, n + 1, 0, storage.log]),
  [0xf0, 'CREATE', 32_000, 3, 1, calls.create],
  [0xf1, 'CALL', 700, 7, 1, calls.call],
  [0xf2, 'CALLCODE', 700, 7, 1, calls.callcode],
  [0xf3, 'RETURN', 0, 2, 0, flow.returnOutput],
  [0xf4, 'DELEGATECALL', 700, 6, 1, calls.delegatecall],
  [0xfa, 'STATICCALL', 700, 6, 1, calls.staticcall],
  [0xfd, 'REVERT', 0, 2, 0, flow.revert],
  [0xff, 'SELFDESTRUCT', 5_000, 1, 0, storage.selfdestruct],
];

function invalid(frame: Parameters<Instruction>[0]): void {
  halt(frame, 'INVALID_OPCODE');
}

/** What a byte of code does, by its value. Bytes that are no instruction end the frame. */
export const INSTRUCTIONS: Instruction[] = new Array<Instruction>(256).fill(invalid);
/** Name; undefined where the byte is no instruction. */
export const OPCODE_NAMES: (string | undefined)[] = new Array<string | undefined>(256).fill(undefined);
/** Fixed gas. */
export const BASE_GAS = new Uint16Array(256);
/** Words that must be on the stack. */
export const MIN_STACK = new Uint16Array(256);
/** Words that it puts on the stack, those that it took and leaves there included. */
export const PUSHED = new Uint8Array(256);
/** Words that may be on the stack before the instruction. */
export const MAX_STACK = new Uint16Array(256).fill(LIMITS.stack);

for (const [code, name, gas, pops, pushes, run] of ROWS) {
  INSTRUCTIONS[code] = run;
  OPCODE_NAMES[code] = name;
  BASE_GAS[code] = gas;
  MIN_STACK[code] = pops;
  PUSHED[code] = pushes;
  MAX_STACK[code] = Math.min(LIMITS.stack, LIMITS.stack + pops - pushes);
}
