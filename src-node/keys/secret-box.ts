/** A small encrypted file beside the wallet: AES-256-GCM under a key that only the unlocked wallet has. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concat, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { randomBytes } from '../crypto/hash.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function sealBox(key: Bytes, plain: Bytes): Bytes {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return concat(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

/** @throws BAD_KEYSTORE when it was changed or belongs to another wallet */
export function openBox(key: Bytes, sealed: Bytes): Bytes {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return concat(decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final());
  } catch (error) {
    throw new CodedError('BAD_KEYSTORE', 'A file of the wallet was changed or belongs to another wallet.', { help: 'Restore the folder from your copy of it.', meta: { reason: 'box' }, cause: error });
  }
}
