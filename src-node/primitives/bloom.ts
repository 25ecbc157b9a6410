/** Bloom filters over the addresses and topics of logs (docs/protocol/01 §5.4). */
import type { Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import type { Log } from './log.ts';

export const BLOOM_LENGTH = 256;
const BITS = BLOOM_LENGTH * 8;

export function emptyBloom(): Bytes {
  return new Uint8Array(BLOOM_LENGTH);
}

/** Of no logs; shared by all receipts without any, and never changed. */
const NO_LOGS = emptyBloom();

export function bloomOf(logs: readonly Log[]): Bytes {
  if (logs.length === 0) return NO_LOGS;
  const bloom = emptyBloom();
  for (const log of logs) {
    addToBloom(bloom, log.address);
    for (const topic of log.topics) addToBloom(bloom, topic);
  }
  return bloom;
}

/** Sets the three bits of an entry. */
export function addToBloom(bloom: Bytes, entry: Bytes): void {
  for (const bit of bitsOf(entry)) bloom[byteOf(bit)] = (bloom[byteOf(bit)] ?? 0) | (1 << bit % 8);
}

/** False when the entry is certainly not in it. */
export function mayContain(bloom: Bytes, entry: Bytes): boolean {
  return bitsOf(entry).every((bit) => ((bloom[byteOf(bit)] ?? 0) & (1 << bit % 8)) !== 0);
}

/** The union of blooms: that of a block out of those of its receipts. */
export function mergeBlooms(blooms: readonly Bytes[]): Bytes {
  const merged = emptyBloom();
  for (const bloom of blooms) {
    if (bloom === NO_LOGS) continue;
    for (let i = 0; i < BLOOM_LENGTH; i++) merged[i] = (merged[i] ?? 0) | (bloom[i] ?? 0);
  }
  return merged;
}

/** Bit 0 is the lowest of the last byte. */
function byteOf(bit: number): number {
  return BLOOM_LENGTH - 1 - (bit >> 3);
}

function bitsOf(entry: Bytes): number[] {
  const hash = keccak256(entry);
  return [0, 2, 4].map((i) => (((hash[i] ?? 0) << 8) | (hash[i + 1] ?? 0)) % BITS);
}
