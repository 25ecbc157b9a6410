import { EMPTY_BYTES, isZero, padLeft, toBigInt } from '../../base/bytes.ts';
import { addressOfPublicKey, CURVE_N, recoverPublicKey } from '../../crypto/secp256k1.ts';
import { slice, type Precompile } from './precompile.ts';

const V_OF_RECOVERY_ID_0 = 27;

/** 0x01: address that signed (digest, v, r, s); empty output for whatever is no signature. High s is accepted (docs/protocol/03 §6.5). */
export const ecrecover: Precompile = {
  gas: () => 3000,
  run(input) {
    const words = slice(input, 0, 128);
    const recoveryId = (words[63] as number) - V_OF_RECOVERY_ID_0;
    const isV = isZero(words.subarray(32, 63)) && (recoveryId === 0 || recoveryId === 1);
    if (!isV || !isScalar(words.subarray(64, 96)) || !isScalar(words.subarray(96, 128))) return EMPTY_BYTES;
    const publicKey = recoverPublicKey(words.subarray(0, 32), words.subarray(64, 128), recoveryId);
    return publicKey === null ? EMPTY_BYTES : padLeft(addressOfPublicKey(publicKey), 32);
  },
};

function isScalar(bytes: Uint8Array): boolean {
  const value = toBigInt(bytes);
  return value > 0n && value < CURVE_N;
}
