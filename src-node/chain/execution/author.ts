import type { Bytes } from '../../base/bytes.ts';
import { recoverAddress } from '../../crypto/secp256k1.ts';
import { headerHash, type Header } from '../../primitives/header.ts';

const NOBODY = new Uint8Array(20);

/** Who sealed the block and gets its fees (docs/protocol/03 §2): 20 bytes, zeros when it has no seal. */
export function authorOf(header: Header): Bytes {
  return recoverAddress(headerHash(header), header.dpor.seal) ?? NOBODY;
}
