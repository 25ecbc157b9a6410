/** Which epoch of a stream a moment falls in, and when one begins. */
import { millis, toMillis, type Millis } from '../../base/clock.ts';
import { epochAt } from '../format/ggm.ts';
import type { StreamEntry } from '../index/stream-entry.ts';

type EpochLength = Pick<StreamEntry, 'startSeconds' | 'epochSeconds'>;

/** The first one before the stream began. */
export function epochOf({ startSeconds, epochSeconds }: EpochLength, at: Millis): number {
  return epochAt(Math.max(at, toMillis(startSeconds)), toMillis(startSeconds), toMillis(epochSeconds));
}

export function epochStart({ startSeconds, epochSeconds }: EpochLength, epoch: number): Millis {
  return millis(toMillis(startSeconds) + epoch * toMillis(epochSeconds));
}
