/** 0x06 … 0x08: addition, multiplication and pairing check on alt_bn128 (EIP-196, EIP-197, docs/protocol/03 §6.5). */
import { bn254 } from '@noble/curves/bn254.js';
import { concat, fromBigInt, toBigInt, type Bytes } from '../../base/bytes.ts';
import { slice, type Precompile } from './precompile.ts';

const { Fp, Fp2, Fp12 } = bn254.fields;
const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
const PAIR_BYTES = 192;

type G1Point = InstanceType<typeof G1>;
type G2Point = InstanceType<typeof G2>;

function coordinate(bytes: Bytes, index: number): bigint | undefined {
  const value = toBigInt(bytes.subarray(index * 32, index * 32 + 32));
  return value < Fp.ORDER ? value : undefined;
}

/** The point of 64 bytes (x, y), where (0, 0) is infinity; undefined when it is none. */
function g1(bytes: Bytes): G1Point | undefined {
  const [x, y] = [coordinate(bytes, 0), coordinate(bytes, 1)];
  if (x === undefined || y === undefined) return undefined;
  if (x === 0n && y === 0n) return G1.ZERO;
  return validated(() => G1.fromAffine({ x, y }));
}

/** The point of 128 bytes, imaginary parts first; outside of the subgroup there is none. */
function g2(bytes: Bytes): G2Point | undefined {
  const [x1, x0, y1, y0] = [coordinate(bytes, 0), coordinate(bytes, 1), coordinate(bytes, 2), coordinate(bytes, 3)];
  if (x1 === undefined || x0 === undefined || y1 === undefined || y0 === undefined) return undefined;
  if (x1 === 0n && x0 === 0n && y1 === 0n && y0 === 0n) return G2.ZERO;
  return validated(() => G2.fromAffine({ x: Fp2.create({ c0: x0, c1: x1 }), y: Fp2.create({ c0: y0, c1: y1 }) }));
}

function validated<P extends { assertValidity(): void }>(make: () => P): P | undefined {
  try {
    const point = make();
    point.assertValidity();
    return point;
  } catch {
    return undefined; // the library throws for points off the curve or outside of the subgroup; the frame fails
  }
}

function encoded(point: G1Point): Bytes {
  if (point.is0()) return new Uint8Array(64);
  const { x, y } = point.toAffine();
  return concat(fromBigInt(x, 32), fromBigInt(y, 32));
}

export const bn254Add: Precompile = {
  gas: () => 500,
  run(input) {
    const [a, b] = [g1(slice(input, 0, 64)), g1(slice(input, 64, 64))];
    return a === undefined || b === undefined ? undefined : encoded(a.add(b));
  },
};

export const bn254Multiply: Precompile = {
  gas: () => 40_000,
  run(input) {
    const point = g1(slice(input, 0, 64));
    if (point === undefined) return undefined;
    const scalar = toBigInt(slice(input, 64, 32)) % G1.Fn.ORDER;
    return encoded(scalar === 0n ? G1.ZERO : point.multiplyUnsafe(scalar));
  },
};

export const bn254Pairing: Precompile = {
  gas: (input) => 100_000 + 80_000 * Math.floor(input.length / PAIR_BYTES),
  run(input) {
    if (input.length % PAIR_BYTES !== 0) return undefined;
    const pairs: { g1: G1Point; g2: G2Point }[] = [];
    for (let at = 0; at < input.length; at += PAIR_BYTES) {
      const a = g1(input.subarray(at, at + 64));
      const b = g2(input.subarray(at + 64, at + PAIR_BYTES));
      if (a === undefined || b === undefined) return undefined;
      if (!a.is0() && !b.is0()) pairs.push({ g1: a, g2: b }); // a pair with infinity contributes one
    }
    const holds = Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE);
    const output = new Uint8Array(32);
    output[31] = holds ? 1 : 0;
    return output;
  },
};
