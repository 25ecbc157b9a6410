/** What an entry's transactions say of it together. */
import type { Bytes } from '../base/bytes.ts';
import type { ActionRecord, Attempt, OutboxEntry, PlannedCall, ReplacementPurpose, SigningAuthority } from './action.ts';

/** One transaction of an entry: its own, or one that replaces it. */
export interface Candidate {
  readonly number: number;
  readonly purpose: 'original' | ReplacementPurpose;
  readonly call: PlannedCall;
  readonly authority: SigningAuthority;
  readonly raw: Bytes | null;
  readonly hash: Bytes | null;
  readonly offeredBlock: bigint | null;
}

/** All that are to be mined, the newest last. */
export function candidatesOf(entry: OutboxEntry): readonly Candidate[] {
  return [originalOf(entry), ...entry.attempts.filter(({ state }) => state !== 'refused')];
}

/** All that a block may hold, the newest last: a node that refuses one may have passed it on before. */
export function everSigned(entry: OutboxEntry): readonly Candidate[] {
  return [originalOf(entry), ...entry.attempts].filter(({ hash }) => hash !== null);
}

/** The one that was mined, or else the one that is to be. */
export function currentOf(entry: OutboxEntry): Candidate {
  return entry.attempts.find(({ number }) => number === entry.minedBy) ?? (entry.minedBy === null ? candidatesOf(entry).at(-1) : null) ?? originalOf(entry);
}

function originalOf(entry: OutboxEntry): Candidate {
  return { ...entry, number: 0, purpose: 'original' };
}

/** The newest try to replace it, whatever became of it. */
export function latestAttempt({ attempts }: OutboxEntry): Attempt | null {
  return attempts.at(-1) ?? null;
}

/** It may be known to the network, and no block has it. */
export function isPublic({ state, offeredBlock }: OutboxEntry): boolean {
  return (state === 'signed' || state === 'sent') && offeredBlock !== null;
}

/** Least price of a replacement, base units per gas: every node takes it that keeps the network's rule (docs/protocol/03 §10.2, PriceBump). */
export function leastPrice(entry: OutboxEntry): bigint {
  const highest = candidatesOf(entry).reduce((price, { call }) => (call.gasPrice > price ? call.gasPrice : price), 0n);
  return bumped(highest);
}

/** A tenth more, rounded up. */
export function bumped(price: bigint): bigint {
  return price + (price + 9n) / 10n || 1n;
}

/**
 * `cancelled`: a transaction of nothing took the place of one of its steps · `too-late`: it was to be cancelled, and was done before that ·
 * `sped-up`: done at a higher price than first signed.
 */
export type ReplacementOutcome = 'cancelled' | 'too-late' | 'sped-up';

export function outcomeOf(entry: OutboxEntry): ReplacementOutcome | null {
  if (entry.minedBy === null) return null;
  const { purpose } = currentOf(entry);
  if (purpose === 'cancel') return 'cancelled';
  if (entry.attempts.some((attempt) => attempt.purpose === 'cancel' && attempt.state !== 'refused')) return 'too-late';
  return purpose === 'speed-up' ? 'sped-up' : null;
}

/** What it was for did not come to be as a whole: a step was cancelled, or later ones were not sent for that. */
export function isCancelled({ entries, error }: ActionRecord): boolean {
  return entries.some((entry) => outcomeOf(entry) === 'cancelled' || (error === null && entry.state === 'dropped'));
}
