import { hexOf, utf8, type Bytes } from '../../base/bytes.ts';
import { keccak256 } from '../../crypto/keccak.ts';

/** Address with a checksum in the case of its letters (EIP-55). */
export function checksummed(address: Bytes): string {
  const digits = hexOf(address);
  const hash = hexOf(keccak256(utf8(digits)));
  return `0x${digits.replace(/./g, (digit, i: number) => (hash.charAt(i) >= '8' ? digit.toUpperCase() : digit))}`;
}
