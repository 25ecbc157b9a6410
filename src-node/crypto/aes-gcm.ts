/** AES-256-GCM with a nonce of 12 and a tag of 16 bytes. A key meets a nonce once: that is the caller's duty. */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { asBuffer, type Bytes } from '../base/bytes.ts';

const CIPHER = 'aes-256-gcm';
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** 32 bytes, or what `preparedKey` made of them. */
export type GcmKey = Bytes | KeyObject;

/** For a key that many short messages are sealed with: with its plain bytes each takes four times as long. */
export function preparedKey(key: Bytes): GcmKey {
  return createSecretKey(key);
}

/** Writes ciphertext ‖ tag to `target` at `offset`, where `plain.length` + 16 bytes are free. `associated` is authenticated beside it. */
export function sealInto(target: Bytes, offset: number, key: GcmKey, nonce: Bytes, plain: Bytes, associated?: Bytes): void {
  const cipher = createCipheriv(CIPHER, key, nonce);
  if (associated !== undefined) cipher.setAAD(associated);
  target.set(cipher.update(plain), offset);
  cipher.final(); // nothing comes any more, the tag is made
  target.set(cipher.getAuthTag(), offset + plain.length);
}

/** The plaintext of ciphertext ‖ tag; null when a bit of it, of `associated` or of the nonce was changed, or the key is another. */
export function openSealed(key: GcmKey, nonce: Bytes, sealed: Bytes, associated?: Bytes): Bytes | null {
  if (sealed.length < TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, nonce);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  if (associated !== undefined) decipher.setAAD(asBuffer(associated));
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    return null; // the library throws for a wrong tag alone; the caller says what that means
  }
}
