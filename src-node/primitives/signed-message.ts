/** Texts that accounts sign (docs/protocol/01 §1). Their prefix begins no transaction, so a signature of one is never a signature of the other. */
import { concat, utf8, type Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';

const PREFIX = '\x19Cpchain Signed Message:\n';
/** Recovery ids are counted from here in signatures of texts. */
export const MESSAGE_FIRST_V = 27;

/** What is signed of a message: 32 bytes. */
export function messageDigest(message: Bytes): Bytes {
  return keccak256(concat(utf8(`${PREFIX}${message.length}`), message));
}
