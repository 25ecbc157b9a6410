/** secp256k1 by libsecp256k1 (native): sign, recover, keys. Signatures are R ‖ S ‖ recovery id (0/1), 65 bytes (docs/protocol/01 §1). */
import secp256k1 from 'secp256k1';
import { concat, equal, isZero, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { keccak256 } from './keccak.ts';

/** Order of the group. */
export const CURVE_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** Field prime. */
export const CURVE_P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

export function isPrivateKey(key: Bytes): boolean {
  return key.length === 32 && secp256k1.privateKeyVerify(key);
}

/** Uncompressed x ‖ y, 64 bytes. @throws BAD_KEY */
export function publicKeyOf(privateKey: Bytes): Bytes {
  if (!isPrivateKey(privateKey)) throw new CodedError('BAD_KEY', 'The private key is out of range.');
  return secp256k1.publicKeyCreate(privateKey, false).subarray(1);
}

/** Last 20 bytes of keccak256(x ‖ y). */
export function addressOfPublicKey(publicKey64: Bytes): Bytes {
  return keccak256(publicKey64).subarray(12);
}

export function addressOf(privateKey: Bytes): Bytes {
  return addressOfPublicKey(publicKeyOf(privateKey));
}

/** Deterministic (RFC 6979), low S. */
export function sign(digest: Bytes, privateKey: Bytes): Bytes {
  if (!isPrivateKey(privateKey)) throw new CodedError('BAD_KEY', 'The private key is out of range.');
  const { signature, recid } = secp256k1.ecdsaSign(digest, privateKey);
  return concat(signature, Uint8Array.of(recid));
}

/** x ‖ y (64 bytes) of the signer, or null when the signature recovers to nothing. High S is accepted here. */
export function recoverPublicKey(digest: Bytes, signature64: Bytes, recoveryId: number): Bytes | null {
  if (recoveryId < 0 || recoveryId > 3 || isZero(signature64)) return null;
  try {
    return secp256k1.ecdsaRecover(signature64, recoveryId, digest, false).subarray(1);
  } catch {
    return null; // the library throws for every unrecoverable signature; the caller names the case
  }
}

/** Address of the signer of a 65-byte signature, or null. */
export function recoverAddress(digest: Bytes, signature65: Bytes): Bytes | null {
  const recoveryId = signature65[64];
  if (signature65.length !== 65 || recoveryId === undefined) return null;
  const key = recoverPublicKey(digest, signature65.subarray(0, 64), recoveryId);
  return key === null ? null : addressOfPublicKey(key);
}

/** scalar · point; point and result x ‖ y (64 bytes). @throws BAD_POINT when the point is not on the curve or the scalar out of range */
export function multiply(point64: Bytes, scalar: Bytes): Bytes {
  try {
    return secp256k1.publicKeyTweakMul(concat(Uint8Array.of(4), point64), scalar, false).subarray(1);
  } catch (error) {
    throw new CodedError('BAD_POINT', 'The point is not on the curve or the scalar is out of range.', { cause: error });
  }
}

export function isOnCurve(point64: Bytes): boolean {
  return point64.length === 64 && secp256k1.publicKeyVerify(concat(Uint8Array.of(4), point64));
}

export function sameKey(privateKey: Bytes, address: Bytes): boolean {
  return isPrivateKey(privateKey) && equal(addressOf(privateKey), address);
}
