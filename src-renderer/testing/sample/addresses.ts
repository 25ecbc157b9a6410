/** People and ids of the sample world. Invented; the checksums are right. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** A stable id from a word. */
export function hashOf(word: string): string {
  return `0x${bytesToHex(keccak_256(utf8ToBytes(word)))}`;
}

export function addressOf(word: string): string {
  const digits = hashOf(word).slice(-40);
  const sum = bytesToHex(keccak_256(utf8ToBytes(digits)));
  return `0x${Array.from(digits).map((digit, index) => (parseInt(sum[index] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`;
}

export const MAIN = addressOf('main');
export const PURCHASES = addressOf('purchases');
export const STAKING = addressOf('rnode');
export const VOLTA_LAB = addressOf('volta lab');
export const ROADSENSE = addressOf('roadsense');
export const LIANHE = addressOf('lianhe mobility');
export const RIVERWATCH = addressOf('riverwatch');

export const CPC = 10n ** 18n;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Base units from thousandths of a CPC. */
export function milli(thousandths: number): bigint {
  return BigInt(thousandths) * 10n ** 15n;
}
