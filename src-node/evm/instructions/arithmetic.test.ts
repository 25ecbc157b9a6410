import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromBigInt, toBigInt } from '../../base/bytes.ts';
import { runCode } from '../testing/run-code.ts';

const SIZE = 1n << 256n;
const signed = (word: bigint): bigint => BigInt.asIntN(256, word);
const unsigned = (value: bigint): bigint => BigInt.asUintN(256, value);
const truth = (holds: boolean): bigint => (holds ? 1n : 0n);

/** Mathematical definitions, operands in the order they lie on the stack (top first). */
const DEFINITIONS: Readonly<Record<string, readonly [opcode: number, value: (a: bigint, b: bigint, c: bigint) => bigint]>> = {
  ADD: [0x01, (a, b) => (a + b) % SIZE],
  MUL: [0x02, (a, b) => (a * b) % SIZE],
  SUB: [0x03, (a, b) => unsigned(a - b)],
  DIV: [0x04, (a, b) => (b === 0n ? 0n : a / b)],
  SDIV: [0x05, (a, b) => (b === 0n ? 0n : unsigned(signed(a) / signed(b)))],
  MOD: [0x06, (a, b) => (b === 0n ? 0n : a % b)],
  SMOD: [0x07, (a, b) => (b === 0n ? 0n : unsigned(signed(a) % signed(b)))],
  ADDMOD: [0x08, (a, b, c) => (c === 0n ? 0n : (a + b) % c)],
  MULMOD: [0x09, (a, b, c) => (c === 0n ? 0n : (a * b) % c)],
  SIGNEXTEND: [0x0b, (a, b) => (a > 30n ? b : unsigned(BigInt.asIntN(Number(a) * 8 + 8, b)))],
  LT: [0x10, (a, b) => truth(a < b)],
  GT: [0x11, (a, b) => truth(a > b)],
  SLT: [0x12, (a, b) => truth(signed(a) < signed(b))],
  SGT: [0x13, (a, b) => truth(signed(a) > signed(b))],
  EQ: [0x14, (a, b) => truth(a === b)],
  ISZERO: [0x15, (a) => truth(a === 0n)],
  AND: [0x16, (a, b) => a & b],
  OR: [0x17, (a, b) => a | b],
  XOR: [0x18, (a, b) => a ^ b],
  NOT: [0x19, (a) => unsigned(~a)],
  BYTE: [0x1a, (a, b) => (a > 31n ? 0n : BigInt(fromBigInt(b, 32)[Number(a)] ?? 0))],
  SHL: [0x1b, (a, b) => (a > 255n ? 0n : unsigned(b << a))],
  SHR: [0x1c, (a, b) => (a > 255n ? 0n : b >> a)],
  SAR: [0x1d, (a, b) => (a > 255n ? (signed(b) > 0n ? 0n : SIZE - 1n) : unsigned(signed(b) >> a))],
};

/** Words near the borders as often as words from anywhere. */
const word = fc.oneof(
  fc.bigInt({ min: 0n, max: SIZE - 1n }),
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: SIZE - 300n, max: SIZE - 1n }),
  fc.bigInt({ min: (SIZE >> 1n) - 3n, max: (SIZE >> 1n) + 3n }),
  fc.nat(255).map((bit) => 1n << BigInt(bit)),
);

function push32(value: bigint): Uint8Array {
  return concat(Uint8Array.of(0x7f), fromBigInt(value, 32));
}

/** The word on top of the stack after PUSH c, PUSH b, PUSH a, opcode. */
function evaluate(opcode: number, a: bigint, b: bigint, c: bigint): bigint {
  const storeAndReturn = Uint8Array.of(0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3);
  return toBigInt(runCode(concat(push32(c), push32(b), push32(a), Uint8Array.of(opcode), storeAndReturn)).returnData);
}

describe('arithmetic', () => {
  it.each(Object.entries(DEFINITIONS))('%s equals its definition', (_, [opcode, definition]) => {
    fc.assert(fc.property(word, word, word, (a, b, c) => {
      expect(evaluate(opcode, a, b, c)).toBe(definition(a, b, c));
    }), { numRuns: 150 });
  });

  it('EXP is repeated multiplication and costs 50 gas per byte of the exponent', () => {
    fc.assert(fc.property(word, fc.nat(40), (base, exponent) => {
      let expected = 1n;
      for (let i = 0; i < exponent; i++) expected = (expected * base) % SIZE;
      expect(evaluate(0x0a, base, BigInt(exponent), 0n)).toBe(expected);
    }), { numRuns: 100 });
    const used = (exponent: bigint): bigint => runCode(concat(push32(exponent), push32(3n), Uint8Array.of(0x0a))).gasUsed;
    expect(used(0n)).toBe(16n);
    expect(used(255n)).toBe(66n);
    expect(used(256n)).toBe(116n);
    expect(used(SIZE - 1n)).toBe(1616n);
  });

  it('SAR of zero by 256 or more is 2^256−1 on this chain', () => {
    expect(evaluate(0x1d, 256n, 0n, 0n)).toBe(SIZE - 1n);
    expect(evaluate(0x1d, 255n, 0n, 0n)).toBe(0n);
  });
});
