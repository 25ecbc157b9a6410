/** Is it an address, is it the one that was meant? */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export type AddressCheck =
  | { readonly state: 'empty' | 'malformed' | 'wrong-checksum' }
  /** Ends or begins like one that is known, and is another. */
  | { readonly state: 'look-alike'; readonly address: string; readonly known: string }
  | { readonly state: 'ok'; readonly address: string; readonly knownAs: 'own' | 'paid-before' | null };

const OUTER = 4;

export interface KnownAddresses {
  readonly own: readonly string[];
  readonly paidBefore: readonly string[];
}

export function checkAddress(text: string, known: KnownAddresses): AddressCheck {
  const typed = text.trim();
  if (typed === '') return { state: 'empty' };
  if (!/^0x[0-9a-fA-F]{40}$/.test(typed)) return { state: 'malformed' };
  const digits = typed.slice(2);
  const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  const address = checksummed(typed);
  if (mixed && address !== typed) return { state: 'wrong-checksum' };
  if (includes(known.own, address)) return { state: 'ok', address, knownAs: 'own' };
  if (includes(known.paidBefore, address)) return { state: 'ok', address, knownAs: 'paid-before' };
  const twin = [...known.own, ...known.paidBefore].find((other) => looksAlike(other, address));
  return twin === undefined ? { state: 'ok', address, knownAs: null } : { state: 'look-alike', address, known: twin };
}

/** EIP-55. */
export function checksummed(address: string): string {
  const digits = address.slice(2).toLowerCase();
  const sum = bytesToHex(keccak_256(utf8ToBytes(digits)));
  return `0x${Array.from(digits).map((digit, index) => (parseInt(sum.charAt(index), 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`;
}

/** The same first or last four digits and not the same address: what people see is what a thief imitates. */
function looksAlike(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase().slice(2), other.toLowerCase().slice(2)];
  return a !== b && (a.slice(0, OUTER) === b.slice(0, OUTER) || a.slice(-OUTER) === b.slice(-OUTER));
}

function includes(list: readonly string[], address: string): boolean {
  return list.some((one) => one.toLowerCase() === address.toLowerCase());
}
