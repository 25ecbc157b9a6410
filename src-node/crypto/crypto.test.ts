import { describe, expect, it } from 'vitest';
import { fromHex, hexOf, utf8 } from '../base/bytes.ts';
import { keccak256, keccak256Parts } from './keccak.ts';
import { addressOf, multiply, publicKeyOf, recoverAddress, sign } from './secp256k1.ts';
import { sha256, sha256Parts } from './hash.ts';

describe('crypto', () => {
  it('hashes the empty string and parts as their join', () => {
    expect(hexOf(keccak256(new Uint8Array(0)))).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    expect(keccak256Parts(utf8('Prep'), utf8('are'))).toEqual(keccak256(utf8('Prepare')));
    expect(hexOf(sha256Parts(utf8('a'), utf8('bc')))).toBe(hexOf(sha256(utf8('abc'))));
  });

  it('signs, recovers and derives the address of a known key', () => {
    const key = fromHex('45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8');
    expect(hexOf(addressOf(key))).toBe('a94f5374fce5edbc8e2a8697c15331677e6ebf0b');
    const digest = keccak256(utf8('digest'));
    expect(recoverAddress(digest, sign(digest, key))).toEqual(addressOf(key));
    expect(recoverAddress(digest, new Uint8Array(65))).toBeNull();
  });

  it('multiplies commutatively (the shared secret of a key delivery)', () => {
    const b = fromHex('05'.padStart(64, '0'));
    const e = fromHex('07'.padStart(64, '0'));
    expect(hexOf(multiply(publicKeyOf(e), b))).toBe(hexOf(multiply(publicKeyOf(b), e)));
    expect(() => multiply(new Uint8Array(64), b)).toThrow(/curve/);
  });
});
