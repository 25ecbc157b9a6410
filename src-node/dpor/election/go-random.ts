/**
 * The random numbers of Go's math/rand, version 1, bit for bit: every election draws from them (docs/protocol/06 §5.1).
 * Seeds 0 and 2^31 − 1 give the same numbers.
 */
import { GO_RANDOM_WORDS } from './go-random-words.ts';

const MODULUS = 2_147_483_647n;
const MULTIPLIER = 48_271n;
const SEED_OF_ZERO = 89_482_311n;
const LENGTH = GO_RANDOM_WORDS.length;
const TAP = 273;
const MASK_63 = (1n << 63n) - 1n;

export class GoRandom {
  readonly #words: BigUint64Array;
  #tap = 0;
  #feed = LENGTH - TAP;

  /** Any integer of 64 bits. */
  constructor(seed: bigint) {
    let x = ((seed % MODULUS) + MODULUS) % MODULUS;
    if (x === 0n) x = SEED_OF_ZERO;
    const next = (): bigint => (x = (x * MULTIPLIER) % MODULUS);
    for (let i = 0; i < 20; i++) next();
    this.#words = BigUint64Array.from(GO_RANDOM_WORDS, (word) => (next() << 40n) ^ (next() << 20n) ^ next() ^ word);
  }

  /** From 0 to 2^63 − 1. */
  int63(): bigint {
    this.#tap = (this.#tap + LENGTH - 1) % LENGTH;
    this.#feed = (this.#feed + LENGTH - 1) % LENGTH;
    const sum = BigInt.asUintN(64, (this.#words[this.#feed] ?? 0n) + (this.#words[this.#tap] ?? 0n));
    this.#words[this.#feed] = sum;
    return sum & MASK_63;
  }

  /** From 0 to below `bound` ≥ 1. */
  int63n(bound: bigint): bigint {
    return draw(bound, 63n, () => this.int63());
  }

  /** From 0 to below `bound`, which is below 2^31: drawn from other bits than `int63n` draws from. */
  intn(bound: number): number {
    return Number(draw(BigInt(bound), 31n, () => this.int63() >> 32n));
  }
}

/** Draws again what would favour the smaller numbers. */
function draw(bound: bigint, bits: bigint, next: () => bigint): bigint {
  const all = 1n << bits;
  const fair = all - (all % bound);
  for (;;) {
    const value = next();
    if (value < fair) return value % bound;
  }
}
