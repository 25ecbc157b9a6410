/** 0x05: base^exponent mod modulus of any length (EIP-198, docs/protocol/03 §6.5). */
import { EMPTY_BYTES, fromBigInt, toBigInt, type Bytes } from '../../base/bytes.ts';
import { slice, type Precompile } from './precompile.ts';

const GAS_DIVISOR = 20n;
const HEAD = 96;

interface Lengths {
  readonly base: bigint;
  readonly exponent: bigint;
  readonly modulus: bigint;
}

function lengthsOf(input: Bytes): Lengths {
  const word = (index: number): bigint => toBigInt(slice(input, index * 32, 32));
  return { base: word(0), exponent: word(1), modulus: word(2) };
}

/** Gas of one multiplication of numbers of `length` bytes. */
function multiplicationComplexity(length: bigint): bigint {
  const square = length * length;
  if (length <= 64n) return square;
  if (length <= 1024n) return square / 4n + 96n * length - 3072n;
  return square / 16n + 480n * length - 199_680n;
}

/** Bits of the exponent, of which only the first 32 bytes are looked at. */
function exponentBits(input: Bytes, { base, exponent }: Lengths): bigint {
  const headLength = exponent < 32n ? Number(exponent) : 32;
  const start = base < BigInt(input.length) ? HEAD + Number(base) : input.length;
  const head = toBigInt(slice(input, start, headLength));
  const headBits = head === 0n ? 0 : head.toString(2).length - 1;
  return BigInt(headBits) + (exponent > 32n ? 8n * (exponent - 32n) : 0n);
}

export const modexp: Precompile = {
  gas(input) {
    const lengths = lengthsOf(input);
    const longest = lengths.base > lengths.modulus ? lengths.base : lengths.modulus;
    const bits = exponentBits(input, lengths);
    const gas = (multiplicationComplexity(longest) * (bits > 1n ? bits : 1n)) / GAS_DIVISOR;
    return gas <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(gas) : Infinity;
  },
  run(input) {
    const lengths = lengthsOf(input);
    if (lengths.base === 0n && lengths.modulus === 0n) return EMPTY_BYTES;
    const [baseLength, exponentLength, modulusLength] = [Number(lengths.base), Number(lengths.exponent), Number(lengths.modulus)];
    const base = toBigInt(slice(input, HEAD, baseLength));
    const modulus = toBigInt(slice(input, HEAD + baseLength + exponentLength, modulusLength));
    if (modulus === 0n) return new Uint8Array(modulusLength);
    const given = input.subarray(HEAD + baseLength, HEAD + baseLength + exponentLength);
    const result = squareAndMultiply(base % modulus, given, exponentLength - given.length, modulus);
    return fromBigInt(result, modulusLength);
  },
};

/**
 * base^e mod m where e is the bytes of `exponent` followed by `zeros` zero bytes (the input ended there). The exponent is read
 * nibble by nibble and never becomes a bigint: gas allows exponents far longer than an engine's bigints.
 */
function squareAndMultiply(base: bigint, exponent: Bytes, zeros: number, modulus: bigint): bigint {
  const powers = [1n % modulus];
  for (let i = 1; i < 16; i++) powers.push(((powers[i - 1] as bigint) * base) % modulus);
  let result = powers[0] as bigint;
  const step = (nibble: number): void => {
    for (let i = 0; i < 4; i++) result = (result * result) % modulus;
    if (nibble !== 0) result = (result * (powers[nibble] as bigint)) % modulus;
  };
  for (const byte of exponent) {
    step(byte >> 4);
    step(byte & 15);
  }
  for (let i = 0; i < 2 * zeros && result > 1n; i++) step(0); // 0 and 1 are their own squares
  return result;
}
