import { toBigInt, type Bytes } from '../base/bytes.ts';
import { addressOfPublicKey, CURVE_N, recoverPublicKey } from './secp256k1.ts';

const SIGNATURE_BYTES = 65;
const FIRST_V = 27;
const HALF_N = CURVE_N / 2n;

export interface TypedSigner {
  /** 20 bytes. */
  readonly address: Bytes;
  /** x ‖ y, 64 bytes. */
  readonly publicKey: Bytes;
}

/**
 * Who signed a digest of typed data, by the one form that the contracts take too: r ‖ s ‖ v with v 27 or 28, 0 < r < n and 0 < s ≤ n / 2
 * (docs/protocol/11 §4.29). Null when nobody did.
 */
export function typedSigner(digest: Bytes, signature65: Bytes): TypedSigner | null {
  const v = signature65[SIGNATURE_BYTES - 1];
  if (signature65.length !== SIGNATURE_BYTES || (v !== FIRST_V && v !== FIRST_V + 1)) return null;
  const [r, s] = [toBigInt(signature65.subarray(0, 32)), toBigInt(signature65.subarray(32, 64))];
  if (r === 0n || r >= CURVE_N || s === 0n || s > HALF_N) return null;
  const publicKey = recoverPublicKey(digest, signature65.subarray(0, 64), v - FIRST_V);
  return publicKey === null ? null : { address: addressOfPublicKey(publicKey), publicKey };
}
