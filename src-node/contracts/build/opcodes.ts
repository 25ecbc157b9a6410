/**
 * What this chain's EVM can run (docs/protocol/03 §6): Byzantium with SHL and SHR. SAR exists, but answers wrongly for
 * zero shifted by 256 or more, so our contracts do not use it.
 */
import { CodedError } from '../../base/errors.ts';
import type { Bytes } from '../../base/bytes.ts';

/** First and last opcode of each allowed run; 0xfe is the designated invalid opcode that solc emits between functions. */
const ALLOWED: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x0b], [0x10, 0x1c], [0x20, 0x20], [0x30, 0x3e], [0x40, 0x45], [0x50, 0x5b], [0x60, 0x9f], [0xa0, 0xa4], [0xf0, 0xf4], [0xfa, 0xfa],
  [0xfd, 0xff],
];

const NAMES: Readonly<Record<number, string>> = {
  0x1d: 'SAR', 0x3f: 'EXTCODEHASH', 0x46: 'CHAINID', 0x47: 'SELFBALANCE', 0x48: 'BASEFEE', 0x5c: 'TLOAD', 0x5d: 'TSTORE', 0x5e: 'MCOPY', 0x5f: 'PUSH0',
  0xf5: 'CREATE2',
};

export interface Instruction {
  readonly offset: number;
  readonly opcode: number;
}

/** Instructions in order, without the data of PUSH1..PUSH32 (immutables are PUSH32 data, so their value does not matter). */
export function* instructions(code: Bytes): Generator<Instruction> {
  for (let offset = 0; offset < code.length; offset++) {
    const opcode = code[offset] ?? 0;
    yield { offset, opcode };
    if (opcode >= 0x60 && opcode <= 0x7f) offset += opcode - 0x5f;
  }
}

/** @throws FORBIDDEN_OPCODE with the opcode's name and place */
export function checkOpcodes(contract: string, code: Bytes): void {
  for (const { offset, opcode } of instructions(code)) {
    if (ALLOWED.some(([first, last]) => opcode >= first && opcode <= last)) continue;
    const name = NAMES[opcode] ?? `0x${opcode.toString(16).padStart(2, '0')}`;
    throw new CodedError('FORBIDDEN_OPCODE', `${contract} contains ${name} at byte ${offset}; this chain does not run it.`, {
      help: 'Change the Solidity source or the compiler settings so that the opcode is not needed.',
      meta: { contract, opcode: name, offset },
    });
  }
}
