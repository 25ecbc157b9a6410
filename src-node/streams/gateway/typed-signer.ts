import { addressOfPublicKey, CURVE_N, recoverPublicKey } from '../../crypto/secp256k1.ts';
import { toBigInt, type Bytes } from '../../base/bytes.ts';

const HALF_N = CURVE_N / 2n;

export interface Signer {
  /** 20 bytes. */
  readonly address: Bytes;
  /** x ‖ y, 64 bytes. */
  readonly publicKey: Bytes;
}

/** Who signed a digest of typed data: r ‖ s ‖ v with v 27 or 28 and a low s (docs/protocol/11 §4.29); null when nobody did. */
export function typedSigner(digest: Bytes, signature65: Bytes): Signer | null {
  const v = signature65[64];
  if (signature65.length !== 65 || (v !== 27 && v !== 28) || toBigInt(signature65.subarray(32, 64)) > HALF_N) return null;
  const publicKey = recoverPublicKey(digest, signature65.subarray(0, 64), v - 27);
  return publicKey === null ? null : { address: addressOfPublicKey(publicKey), publicKey };
}
