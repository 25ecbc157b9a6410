/** Addresses as people read them: EIP-55 mixed case. */
import { fromHex, hexOf, utf8, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import type { Address } from './contract/base.ts';

export function checksummed(address: Bytes): Address {
  const text = hexOf(address);
  const digest = hexOf(keccak256(utf8(text)));
  return `0x${Array.from(text, (digit, i) => (parseInt(digest[i] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`;
}

/** All lower or all upper case is taken as written without a checksum; a wrong mix is a typing error. @throws BAD_ADDRESS */
export function parseAddress(text: Address): Bytes {
  const digits = text.slice(2);
  const address = fromHex(digits);
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  if (isMixed && checksummed(address) !== text) {
    throw new CodedError('BAD_ADDRESS', 'A character of this address is wrong: its checksum does not hold.', { help: 'Copy the address again from where it comes.' });
  }
  return address;
}
