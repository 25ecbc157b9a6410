/** Addresses and hashes, shortened for the eye: the outer characters are what people compare. */

export interface ShortAddress {
  /** "0x3f8A", shown strong. */
  readonly start: string;
  /** "41…C2", shown faint. */
  readonly middle: string;
  /** "c21e", shown strong. */
  readonly end: string;
}

/** First six and last six digits after 0x, the outer four of each strong. */
export function shortAddress(address: string): ShortAddress {
  return { start: address.slice(0, 6), middle: `${address.slice(6, 8)}…${address.slice(-6, -4)}`, end: address.slice(-4) };
}

/** "0x7f2c…91ab" of a hash or an id. */
export function shortHash(hash: string): string {
  return hash.length <= 14 ? hash : `${hash.slice(0, 6)}…${hash.slice(-4)}`;
}

/** Groups of four after "0x", for reading aloud and comparing. */
export function addressGroups(address: string): string {
  return `0x${(address.slice(2).match(/.{1,4}/g) ?? []).join(' ')}`;
}
