import type { Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { encode, encodeUint } from '../primitives/rlp/index.ts';

/** Address of the contract that `sender` creates at `nonce`: the last 20 bytes of keccak256(RLP([sender, nonce])). */
export function createAddress(sender: Bytes, nonce: bigint): Bytes {
  return keccak256(encode([sender, encodeUint(nonce)])).subarray(12);
}
