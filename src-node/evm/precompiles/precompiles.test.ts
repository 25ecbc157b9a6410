import { bn254 } from '@noble/curves/bn254.js';
import { describe, expect, it } from 'vitest';
import { concat, EMPTY_BYTES, fromBigInt, fromHex, hexOf, padLeft, toBigInt, utf8 } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { addressOf, CURVE_N, sign } from '../../crypto/secp256k1.ts';
import { precompileAt } from './table.ts';
import type { Precompile } from './precompile.ts';

function at(address: bigint): Precompile {
  const precompile = precompileAt(address);
  invariant(precompile, 'There is a contract at this address.');
  return precompile;
}

function words(...values: readonly bigint[]): Uint8Array {
  return concat(...values.map((value) => fromBigInt(value, 32)));
}

describe('ecrecover', () => {
  const key = fromHex('45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8');
  const digest = keccak256(utf8('digest'));
  const signature = sign(digest, key);
  const [r, s, v] = [toBigInt(signature.subarray(0, 32)), toBigInt(signature.subarray(32, 64)), BigInt(27 + (signature[64] ?? 0))];

  it('gives the signer, also for the other half of the s range', () => {
    const signer = hexOf(padLeft(addressOf(key), 32));
    expect(hexOf(at(1n).run(concat(digest, words(v, r, s))) ?? EMPTY_BYTES)).toBe(signer);
    expect(hexOf(at(1n).run(concat(digest, words(55n - v, r, CURVE_N - s))) ?? EMPTY_BYTES)).toBe(signer);
  });

  it('gives nothing for what is no signature', () => {
    for (const [badV, badR, badS] of [[29n, r, s], [v + 256n, r, s], [v, 0n, s], [v, r, 0n], [v, CURVE_N, s], [v, r, CURVE_N]] as const) {
      expect(at(1n).run(concat(digest, words(badV, badR, badS)))).toHaveLength(0);
    }
    expect(at(1n).run(EMPTY_BYTES)).toHaveLength(0);
  });
});

describe('hashes and identity', () => {
  it('match published digests', () => {
    expect(hexOf(at(2n).run(utf8('abc')) ?? EMPTY_BYTES)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hexOf(at(3n).run(utf8('abc')) ?? EMPTY_BYTES)).toBe('0000000000000000000000008eb208f7e05d987a9b044a8e98c6b087f15a0bfc');
    expect(at(4n).run(utf8('abc'))).toEqual(utf8('abc'));
    expect([at(2n), at(3n), at(4n)].map((precompile) => precompile.gas(new Uint8Array(33)))).toEqual([84, 840, 21]);
  });
});

describe('modexp', () => {
  const p = 2n ** 256n - 2n ** 32n - 977n;
  const input = (base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array =>
    concat(words(BigInt(base.length), BigInt(exponent.length), BigInt(modulus.length)), base, exponent, modulus);

  it('computes the two examples of EIP-198 at their prices', () => {
    const fermat = input(Uint8Array.of(3), fromBigInt(p - 1n, 32), fromBigInt(p, 32));
    expect(at(5n).gas(fermat)).toBe(13056);
    expect(toBigInt(at(5n).run(fermat) ?? EMPTY_BYTES)).toBe(1n);
    const zeroBase = concat(words(0n, 32n, 32n), fromBigInt(p - 1n, 32), fromBigInt(p, 32));
    expect(at(5n).gas(zeroBase)).toBe(13056);
    expect(toBigInt(at(5n).run(zeroBase) ?? EMPTY_BYTES)).toBe(0n);
  });

  it('reads zeros beyond the end of the input', () => {
    const cut = concat(words(1n, 2n, 32n), Uint8Array.of(3, 0xff));
    expect(toBigInt(at(5n).run(cut) ?? EMPTY_BYTES)).toBe(0n);
    const tail = concat(words(1n, 2n, 3n), Uint8Array.of(3, 0x01, 0x00, 0x80)); // 3^256 mod 0x800000
    expect(toBigInt(at(5n).run(tail) ?? EMPTY_BYTES)).toBe(3n ** 256n % 0x800000n);
  });

  it('handles lengths that no memory holds', () => {
    expect(at(5n).run(EMPTY_BYTES)).toHaveLength(0);
    expect(at(5n).gas(words(2n ** 255n, 1n, 1n))).toBe(Infinity);
    expect(at(5n).gas(words(0n, 2n ** 200n, 0n))).toBe(0);
    expect(at(5n).run(words(0n, 2n ** 200n, 0n))).toHaveLength(0);
    expect(at(5n).run(words(0n, 0n, 3n))).toEqual(new Uint8Array(3));
    expect(hexOf(at(5n).run(input(EMPTY_BYTES, EMPTY_BYTES, Uint8Array.of(1))) ?? EMPTY_BYTES)).toBe('00'); // 0^0 mod 1
    expect(hexOf(at(5n).run(input(EMPTY_BYTES, EMPTY_BYTES, Uint8Array.of(2))) ?? EMPTY_BYTES)).toBe('01');
  });
});

describe('bn254', () => {
  const generator = words(1n, 2n);
  const field = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
  const order = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
  // generator of G2 (EIP-197), imaginary parts first
  const g2 = words(
    11559732032986387107991004021392285783925812861821192530917403151452391805634n,
    10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    4082367875863433681332203403145435568316851327593401208105741076214120093531n,
    8495653923123431417604973247489272438418190587263600148770280649306958101930n,
  );

  it('adds and multiplies', () => {
    const doubled = at(6n).run(concat(generator, generator));
    expect(doubled).toEqual(at(7n).run(concat(generator, words(2n))));
    expect(at(6n).run(EMPTY_BYTES)).toEqual(new Uint8Array(64));
    expect(at(7n).run(concat(generator, words(order)))).toEqual(new Uint8Array(64));
    expect(at(7n).run(concat(generator, words(order + 1n)))).toEqual(generator);
    expect(at(6n).run(concat(generator, words(1n, field - 2n)))).toEqual(new Uint8Array(64));
  });

  it('checks pairings', () => {
    const minus = words(1n, field - 2n);
    expect(toBigInt(at(8n).run(EMPTY_BYTES) ?? EMPTY_BYTES)).toBe(1n);
    expect(toBigInt(at(8n).run(concat(generator, g2, minus, g2)) ?? EMPTY_BYTES)).toBe(1n);
    expect(toBigInt(at(8n).run(concat(generator, g2)) ?? EMPTY_BYTES)).toBe(0n);
    expect(toBigInt(at(8n).run(new Uint8Array(192)) ?? EMPTY_BYTES)).toBe(1n);
    expect(at(8n).gas(new Uint8Array(384))).toBe(260_000);
  });

  it('fails for points off the curve, coordinates out of the field and half pairs', () => {
    expect(at(6n).run(words(1n, 3n))).toBeUndefined();
    expect(at(7n).run(concat(words(field + 1n, 2n), words(1n)))).toBeUndefined();
    expect(at(8n).run(new Uint8Array(191))).toBeUndefined();
    expect(at(8n).run(concat(generator, words(1n, 1n, 1n, 1n)))).toBeUndefined();
  });

  it('fails for points of the twist outside of the subgroup', () => {
    const { Fp2 } = bn254.fields;
    const b = Fp2.div(Fp2.create({ c0: 3n, c1: 0n }), Fp2.create({ c0: 9n, c1: 1n }));
    const points = [1n, 2n, 3n, 4n, 5n, 6n].flatMap((c0) => {
      const x = Fp2.create({ c0, c1: 0n });
      const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b);
      return Fp2.pow(square, (Fp2.ORDER - 1n) / 2n).c0 === 1n ? [{ x, y: Fp2.sqrt(square) }] : [];
    });
    expect(points.length).toBeGreaterThan(0);
    for (const { x, y } of points) expect(at(8n).run(concat(generator, words(x.c1, x.c0, y.c1, y.c0)))).toBeUndefined();
  });
});

describe('admission', () => {
  it('leaves its input as it was, also when that is a Buffer', () => {
    for (const address of [0x6an, 0x6bn]) {
      const bytes = Array.from({ length: 128 }, (_, i) => (i < 120 ? i : 0)); // difficulty 0
      const input = Buffer.from(bytes);
      expect(at(address).run(input)?.[31]).toBe(1);
      expect([...input]).toEqual(bytes);
    }
  });

  it('fails the frame where the reference has no result', () => {
    for (const address of [0x6an, 0x6bn]) {
      expect(at(address).run(new Uint8Array(127))).toBeUndefined();
      expect(at(address).run(words(0n, 0n, 0n, 257n))).toBeUndefined();
      expect(at(address).run(concat(words(0n, 0n, 0n, 0n), Uint8Array.of(9)))).toEqual(fromBigInt(1n, 32));
    }
  });
});
