import { expect, it } from 'vitest';
import { concat, fromBigInt, toBigInt, utf8, type Bytes } from '../base/bytes.ts';
import { keccak256 } from './keccak.ts';
import { addressOf, CURVE_N, publicKeyOf, sign } from './secp256k1.ts';
import { typedSigner } from './typed-signer.ts';

const key = new Uint8Array(32).fill(0x21);
const digest = keccak256(utf8('typed'));
const signed = sign(digest, key);
const [r, s, id] = [signed.subarray(0, 32), signed.subarray(32, 64), signed[64] ?? 0];
const word = (value: bigint): Bytes => fromBigInt(value, 32);

it('recovers who signed, from r ‖ s ‖ 27 or 28', () => {
  expect(typedSigner(digest, concat(r, s, Uint8Array.of(27 + id)))).toEqual({ address: addressOf(key), publicKey: publicKeyOf(key) });
});

it('takes no other form of the same signature, and no number out of its range', () => {
  const v = Uint8Array.of(27 + id);
  const others: readonly Bytes[] = [
    concat(r, s, Uint8Array.of(id)), concat(r, s, Uint8Array.of(29 + id)), concat(r, s), concat(r, s, v, Uint8Array.of(0)), new Uint8Array(0),
    concat(r, word(CURVE_N - toBigInt(s)), Uint8Array.of(28 - id)), // the high s, which recovers to the same key
    concat(word(0n), s, v), concat(word(CURVE_N), s, v), concat(word(CURVE_N + 1n), s, v), concat(r, word(0n), v), concat(r, word(CURVE_N), v),
  ];
  for (const other of others) expect(typedSigner(digest, other)).toBeNull();
});
