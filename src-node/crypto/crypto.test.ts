import { describe, expect, it } from 'vitest';
import { concat, fromHex, hexOf, utf8 } from '../base/bytes.ts';
import { openSealed, preparedKey, sealInto } from './aes-gcm.ts';
import { eciesOpen, eciesSeal } from './ecies.ts';
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

  it('opens what was sealed with the same key, plain or prepared, and nothing shorter than a tag', () => {
    const [key, nonce, about] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2), utf8('about')];
    const sealed = new Uint8Array(2 + 5 + 16);
    sealInto(sealed, 2, key, nonce, utf8('plain'), about);
    expect(hexOf(sealed.subarray(0, 2))).toBe('0000');
    expect(openSealed(preparedKey(key), nonce, sealed.subarray(2), about)).toEqual(Buffer.from('plain'));
    expect(openSealed(key, nonce, sealed.subarray(2), utf8('other'))).toBeNull();
    expect(openSealed(key, nonce, sealed.subarray(2))).toBeNull();
    for (let length = 0; length < 16; length++) expect(openSealed(key, nonce, sealed.subarray(2, 2 + length), about)).toBeNull();
  });

  it('seals to a public key, and takes no point that the contracts would refuse', () => {
    const receiver = fromHex('05'.padStart(64, '0'));
    const sealed = eciesSeal(utf8('for you'), publicKeyOf(receiver), utf8('test'));
    expect(eciesOpen(sealed, receiver, utf8('test'))).toEqual(Buffer.from('for you'));
    const n = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
    const xIsN = fromHex(`${n}98f66641cb0ae1776b463ebdee3d77fe2658f021db48e2c8ac7ab4c92f83621e`); // on the curve
    expect(multiply(xIsN, receiver)).toHaveLength(64);
    for (const point of [xIsN, new Uint8Array(64), new Uint8Array(63), publicKeyOf(receiver).with(63, 0)]) {
      expect(() => eciesSeal(utf8('x'), point, utf8('test'))).toThrow(expect.objectContaining({ code: 'BAD_POINT' }));
    }
    for (const bytes of [new Uint8Array(0), sealed.subarray(0, 79), concat(xIsN, sealed.subarray(64)), concat(new Uint8Array(64), sealed.subarray(64))]) {
      expect(() => eciesOpen(bytes, receiver, utf8('test'))).toThrow(expect.objectContaining({ code: 'BAD_SEALED' }));
    }
  });
});
