/** How a publisher writes on the chain by itself how far its stream is (docs/protocol/11 §4.11, Checkpoint). */
import type { Millis } from '../base/clock.ts';
import type { Hex } from '../base/bytes.ts';

/** Gas of one checkpoint; with eight gateways it takes 115,000, and is sent with a quarter more. */
export const CHECKPOINT_GAS = 150_000n;
const HOUR_MILLIS = 3_600_000;
/** For how long one sheet lets it be done. */
export const CHECKPOINT_MILLIS = 400 * 86_400_000;
/** One an hour. */
export const CHECKPOINT_USES = CHECKPOINT_MILLIS / HOUR_MILLIS;

/** Under this id `keys` holds the permission that the sheet of the stream's registration gave. */
export function checkpointMandate(stream: Hex): string {
  return `checkpoint:${stream}`;
}

/** @param last the newest, null before the first @param lastSeq newest message that a gateway gave a receipt for */
export function isCheckpointDue({ last, registeredAt, lastSeq }: { readonly last: { readonly lastSeq: bigint; readonly at: Millis } | null; readonly registeredAt: Millis; readonly lastSeq: bigint }, now: Millis): boolean {
  return lastSeq > (last?.lastSeq ?? -1n) && now - (last?.at ?? registeredAt) >= HOUR_MILLIS;
}
