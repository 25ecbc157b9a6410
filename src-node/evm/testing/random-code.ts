/** Random programs that mostly mean something: operands stand on the stack before an instruction takes them. Seeded. */
import { concat, fromBigInt, type Bytes } from '../../base/bytes.ts';

/** From 0 to below `bound`. */
export type Dice = (bound: number) => number;

export function dice(seed: number): Dice {
  let state = seed >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

const WORD = 1n << 256n;
const EDGES = [0n, 1n, 2n, 31n, 32n, 33n, 255n, 256n, 257n, 1n << 63n, 1n << 64n, 1n << 128n, 1n << 255n, (1n << 255n) - 1n, WORD - 1n, WORD - 2n];
/** Instructions of two or three operands and one result: arithmetic, comparison, bits. */
const TWO = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d];
const THREE = [0x08, 0x09];
const ONE = [0x15, 0x19, 0x31, 0x35, 0x3b];
const NONE = [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x58, 0x59, 0x5a];

function push(value: bigint): Bytes {
  const length = Math.max(1, Math.ceil(value.toString(16).length / 2));
  return concat(Uint8Array.of(0x5f + length), fromBigInt(value, length));
}

function word(roll: Dice): bigint {
  if (roll(2) === 0) return EDGES[roll(EDGES.length)] ?? 0n;
  return roll(3) === 0 ? BigInt(roll(1000)) : Array.from({ length: 8 }, () => BigInt(roll(0x7fffffff))).reduce((sum, part) => (sum << 32n) | part, 0n);
}

function small(roll: Dice, bound = 100): Bytes {
  return push(BigInt(roll(bound)));
}

/** `others` are addresses that calls go to. */
export function randomCode(roll: Dice, others: readonly bigint[]): Bytes {
  const parts: Bytes[] = [];
  const add = (...more: readonly (Bytes | number)[]): void => void parts.push(...more.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : part)));
  const pick = (codes: readonly number[]): number => codes[roll(codes.length)] ?? 0;
  add(...Array.from({ length: 8 }, () => push(word(roll)))); // below what the program takes for itself
  const count = 10 + roll(60);
  for (let i = 0; i < count; i++) {
    const kind = roll(24);
    if (kind < 8) add(push(word(roll)), push(word(roll)), pick(TWO));
    else if (kind === 8) add(push(word(roll)), push(word(roll)), push(word(roll)), pick(THREE));
    else if (kind === 9) add(push(word(roll)), pick(ONE));
    else if (kind === 10) add(pick(NONE));
    else if (kind === 11) add(push(word(roll)), small(roll, 300), pick([0x52, 0x53]));
    else if (kind === 12) add(small(roll, 300), 0x51);
    else if (kind === 13) add(small(roll, 80), small(roll), 0x20);
    else if (kind === 14) add(roll(3) === 0 ? push(0n) : push(word(roll)), small(roll, 6), 0x55);
    else if (kind === 15) add(small(roll, 6), 0x54);
    else if (kind === 16) add(small(roll, 70), small(roll), small(roll), pick([0x37, 0x39]));
    else if (kind === 17) add(small(roll, roll(6) === 0 ? 40 : 1), small(roll, 1), small(roll), 0x3e); // beyond the data it fails
    else if (kind === 18) add(...Array.from({ length: roll(5) }, () => push(word(roll))), small(roll, 60), small(roll), 0xa0 + roll(2));
    else if (kind === 19) add(0x80 + roll(4), 0x90 + roll(3));
    else if (kind === 20) add(...Array.from({ length: 4 }, () => small(roll, 64)), ...(roll(2) === 0 ? [small(roll, 3), push(others[roll(others.length)] ?? 0n), small(roll, 60_000), pick([0xf1, 0xf2])] : [push(others[roll(others.length)] ?? 0n), small(roll, 60_000), pick([0xf4, 0xfa])]));
    else if (kind === 21) add(small(roll, 2), 0x60, 0, 0x50, 0x50);
    else if (kind === 22) add(push(BigInt(roll(256)) << 248n | 0x60006000f3n << 200n), push(0n), 0x52, small(roll, 33), small(roll, 4), small(roll, 3), 0xf0);
    else if (roll(8) === 0) add(Uint8Array.from({ length: roll(4) }, () => roll(256)).filter((code) => ![0x3f, 0x40, 0xf5].includes(code)));
  }
  add(...(roll(6) === 0 ? [] : [small(roll, 96), small(roll), roll(5) === 0 ? 0xfd : 0xf3]));
  return concat(...parts);
}
