/** A small encrypted file beside the wallet: AES-256-GCM under a key that only the unlocked wallet has. */
import type { Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { NONCE_BYTES, TAG_BYTES, openSealed, sealInto } from '../crypto/aes-gcm.ts';
import { randomBytes } from '../crypto/hash.ts';

export function sealBox(key: Bytes, plain: Bytes): Bytes {
  const nonce = randomBytes(NONCE_BYTES);
  const box = new Uint8Array(NONCE_BYTES + plain.length + TAG_BYTES);
  box.set(nonce);
  sealInto(box, NONCE_BYTES, key, nonce, plain);
  return box;
}

/** @throws BAD_KEYSTORE when it was changed or belongs to another wallet */
export function openBox(key: Bytes, sealed: Bytes): Bytes {
  const plain = sealed.length < NONCE_BYTES ? null : openSealed(key, sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES));
  if (plain === null) throw new CodedError('BAD_KEYSTORE', 'A file of the wallet was changed or belongs to another wallet.', { help: 'Restore the folder from your copy of it.', meta: { reason: 'box' } });
  return plain;
}
