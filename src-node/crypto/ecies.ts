/**
 * Sealing to a public key of secp256k1 (docs/protocol/11 §4.11): E 64 ‖ ciphertext ‖ tag 16 under a point E = e·G drawn for this
 * message alone. The key is HKDF-SHA256(ikm = x ‖ y of e·P, salt empty, info = context ‖ E ‖ P), for AES-256-GCM with a nonce of zeros.
 */
import { concat, toBigInt, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { NONCE_BYTES, TAG_BYTES, openSealed, sealInto } from './aes-gcm.ts';
import { hkdfSha256, randomBytes } from './hash.ts';
import { CURVE_N, isPrivateKey, multiply, publicKeyOf } from './secp256k1.ts';

const POINT_BYTES = 64;
const NO_SALT = new Uint8Array(0);
/** The key belongs to one message. */
const NONCE = new Uint8Array(NONCE_BYTES);
export const ECIES_OVERHEAD = POINT_BYTES + TAG_BYTES;

/** @param context what it is for, so that it opens as nothing else @param ephemeral e, drawn anew but in recorded vectors @throws BAD_POINT */
export function eciesSeal(plain: Bytes, publicKey64: Bytes, context: Bytes, ephemeral: Bytes = freshKey()): Bytes {
  const point = publicKeyOf(ephemeral);
  const out = new Uint8Array(ECIES_OVERHEAD + plain.length);
  out.set(point);
  sealInto(out, POINT_BYTES, messageKey(sharedPoint(publicKey64, ephemeral), context, point, publicKey64), NONCE, plain);
  return out;
}

/** @throws BAD_SEALED when it was changed, or is for another key or another context */
export function eciesOpen(sealed: Bytes, privateKey: Bytes, context: Bytes): Bytes {
  const plain = sealed.length < ECIES_OVERHEAD ? null : open(sealed, privateKey, context);
  if (plain === null) throw new CodedError('BAD_SEALED', 'The message was changed on its way, or it is for somebody else.', { help: 'Ask its sender to send it again.' });
  return plain;
}

function open(sealed: Bytes, privateKey: Bytes, context: Bytes): Bytes | null {
  const point = sealed.subarray(0, POINT_BYTES);
  let shared: Bytes;
  try {
    shared = sharedPoint(point, privateKey);
  } catch {
    return null; // no point of the curve: changed like any other byte
  }
  return openSealed(messageKey(shared, context, point, publicKeyOf(privateKey)), NONCE, sealed.subarray(POINT_BYTES));
}

/** 1 ≤ x < n is asked of a point here as the contracts ask it of order keys (docs/protocol/11 §4.6 rule 4). */
function sharedPoint(point64: Bytes, scalar: Bytes): Bytes {
  if (point64.length !== POINT_BYTES || toBigInt(point64.subarray(0, 32)) >= CURVE_N) throw new CodedError('BAD_POINT', 'The point is not one that messages are sealed to.');
  return multiply(point64, scalar);
}

function messageKey(shared64: Bytes, context: Bytes, ephemeralPoint: Bytes, receiver: Bytes): Bytes {
  return hkdfSha256(shared64, NO_SALT, concat(context, ephemeralPoint, receiver), 32);
}

function freshKey(): Bytes {
  for (;;) {
    const key = randomBytes(32);
    if (isPrivateKey(key)) return key;
  }
}
