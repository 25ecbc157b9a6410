/** Comparisons and bitwise logic. */
import { peek, pop, replace, type Frame } from '../frame.ts';
import { toSigned, WORD_MASK, WORD_SIZE } from '../word.ts';

export function lt(frame: Frame): void {
  replace(frame, pop(frame) < peek(frame) ? 1n : 0n);
}

export function gt(frame: Frame): void {
  replace(frame, pop(frame) > peek(frame) ? 1n : 0n);
}

export function slt(frame: Frame): void {
  replace(frame, toSigned(pop(frame)) < toSigned(peek(frame)) ? 1n : 0n);
}

export function sgt(frame: Frame): void {
  replace(frame, toSigned(pop(frame)) > toSigned(peek(frame)) ? 1n : 0n);
}

export function eq(frame: Frame): void {
  replace(frame, pop(frame) === peek(frame) ? 1n : 0n);
}

export function iszero(frame: Frame): void {
  replace(frame, peek(frame) === 0n ? 1n : 0n);
}

export function and(frame: Frame): void {
  replace(frame, pop(frame) & peek(frame));
}

export function or(frame: Frame): void {
  replace(frame, pop(frame) | peek(frame));
}

export function xor(frame: Frame): void {
  replace(frame, pop(frame) ^ peek(frame));
}

export function not(frame: Frame): void {
  replace(frame, WORD_MASK - peek(frame));
}

/** Byte number n, counted from the most significant one. */
export function byte(frame: Frame): void {
  const index = pop(frame);
  replace(frame, index > 31n ? 0n : (peek(frame) >> (248n - 8n * index)) & 0xffn);
}

export function shl(frame: Frame): void {
  const shift = pop(frame);
  replace(frame, shift > 255n ? 0n : (peek(frame) << shift) & WORD_MASK);
}

export function shr(frame: Frame): void {
  const shift = pop(frame);
  replace(frame, shift > 255n ? 0n : peek(frame) >> shift);
}

/**
 * Arithmetic shift. A consensus rule of this chain departs from EIP-145: zero shifted by 256 or more is 2^256−1
 * (docs/protocol/03 §6.3).
 */
export function sar(frame: Frame): void {
  const shift = pop(frame);
  const value = toSigned(peek(frame));
  if (shift > 255n) {
    replace(frame, value > 0n ? 0n : WORD_MASK);
    return;
  }
  const shifted = value >> shift;
  replace(frame, shifted < 0n ? shifted + WORD_SIZE : shifted);
}
