/** Arithmetic modulo 2^256 (docs/protocol/03 §6). Division and remainder by zero give zero. */
import { GAS } from '../gas.ts';
import { peek, pop, replace, spend, type Frame } from '../frame.ts';
import { fromSigned, toSigned, WORD_MASK, WORD_SIZE } from '../word.ts';

export function add(frame: Frame): void {
  const sum = pop(frame) + peek(frame);
  replace(frame, sum > WORD_MASK ? sum - WORD_SIZE : sum);
}

export function mul(frame: Frame): void {
  const product = pop(frame) * peek(frame);
  replace(frame, product > WORD_MASK ? product & WORD_MASK : product);
}

export function sub(frame: Frame): void {
  replace(frame, fromSigned(pop(frame) - peek(frame)));
}

export function div(frame: Frame): void {
  const a = pop(frame);
  const b = peek(frame);
  replace(frame, b === 0n ? 0n : a / b);
}

export function sdiv(frame: Frame): void {
  const a = toSigned(pop(frame));
  const b = toSigned(peek(frame));
  replace(frame, b === 0n ? 0n : fromSigned(a / b)); // −2^255 / −1 = 2^255, the word of −2^255
}

export function mod(frame: Frame): void {
  const a = pop(frame);
  const b = peek(frame);
  replace(frame, b === 0n ? 0n : a % b);
}

export function smod(frame: Frame): void {
  const a = toSigned(pop(frame));
  const b = toSigned(peek(frame));
  replace(frame, b === 0n ? 0n : fromSigned(a % b));
}

export function addmod(frame: Frame): void {
  const sum = pop(frame) + pop(frame);
  const modulus = peek(frame);
  replace(frame, modulus === 0n ? 0n : sum % modulus);
}

export function mulmod(frame: Frame): void {
  const product = pop(frame) * pop(frame);
  const modulus = peek(frame);
  replace(frame, modulus === 0n ? 0n : product % modulus);
}

export function exp(frame: Frame): void {
  const base = pop(frame);
  const exponent = peek(frame);
  if (!spend(frame, GAS.expByte * byteLength(exponent))) return;
  replace(frame, power(base, exponent));
}

function byteLength(word: bigint): number {
  return word === 0n ? 0 : Math.ceil(word.toString(16).length / 2);
}

/** base^exponent modulo 2^256 by squaring. */
function power(base: bigint, exponent: bigint): bigint {
  if (base === 2n) return exponent < 256n ? 1n << exponent : 0n; // shifts written as powers by older compilers
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) & WORD_MASK;
    square = (square * square) & WORD_MASK;
  }
  return result;
}

/** Extends the sign of the byte that the upper word numbers, from the least significant one on. */
export function signextend(frame: Frame): void {
  const byte = pop(frame);
  if (byte > 30n) return;
  const bits = Number(byte) * 8 + 8;
  replace(frame, BigInt.asUintN(256, BigInt.asIntN(bits, peek(frame))));
}
