/** Epochs by the record of a stream on the chain. */
import { millis, type Millis } from '../../base/clock.ts';
import type { StreamRecord } from '../stream-chain.ts';

/** Epoch of a time, by the stream's record. */
export function epochAt({ startSeconds, epochSeconds }: StreamRecord, time: Millis): number {
  return Math.max(0, Math.floor((time / 1000 - startSeconds) / epochSeconds));
}

/** When an epoch begins. */
export function startOfEpoch({ startSeconds, epochSeconds }: StreamRecord, epoch: number): Millis {
  return millis((startSeconds + epoch * epochSeconds) * 1000);
}
