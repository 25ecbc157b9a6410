/** How a publisher writes on the chain by itself how far its stream is (docs/protocol/11 §4.11, Checkpoint). */
import type { Millis } from '../base/clock.ts';
import type { Hex } from '../base/bytes.ts';

export type CheckpointInterval = 'hour' | 'day';

/** What a person chose on the sheet of the registration. */
export interface CheckpointPlan {
  readonly every: CheckpointInterval;
  /** The permission holds until then. */
  readonly until: Millis;
}

export const CHECKPOINT_INTERVAL_MILLIS: Readonly<Record<CheckpointInterval, number>> = { hour: 3_600_000, day: 86_400_000 };
/** Gas that one checkpoint takes, with eight gateways. */
export const CHECKPOINT_GAS_USED = 115_000n;
/** The most that may be sent with it; it is sent with a quarter more than it takes. */
export const CHECKPOINT_GAS = 150_000n;
/** For how long one sheet lets it be done. */
export const CHECKPOINT_MILLIS = 400 * CHECKPOINT_INTERVAL_MILLIS.day;

/** How many checkpoints the permission of one sheet covers. */
export function checkpointUses(every: CheckpointInterval): number {
  return CHECKPOINT_MILLIS / CHECKPOINT_INTERVAL_MILLIS[every];
}

/** Under this id `keys` holds the permission that the sheet of the stream's registration gave. */
export function checkpointMandate(stream: Hex): string {
  return `checkpoint:${stream}`;
}

export interface CheckpointFacts {
  readonly every: CheckpointInterval;
  /** The newest; null before the first. */
  readonly last: { readonly lastSeq: bigint; readonly at: Millis } | null;
  readonly registeredAt: Millis;
  /** Newest message that a gateway gave a receipt for. */
  readonly lastSeq: bigint;
}

export function isCheckpointDue({ every, last, registeredAt, lastSeq }: CheckpointFacts, now: Millis): boolean {
  return lastSeq > (last?.lastSeq ?? -1n) && now - (last?.at ?? registeredAt) >= CHECKPOINT_INTERVAL_MILLIS[every];
}
