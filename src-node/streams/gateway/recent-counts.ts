/** How many frames of a stream came in each of the last intervals: what its page shows of a stream before anybody pays for it. */
import type { Millis } from '../../base/clock.ts';

export const RECENT_INTERVAL_MILLIS = 30_000;
export const RECENT_INTERVALS = 20;

export interface RecentBatch {
  readonly frames: number;
  /** When it came. */
  readonly timeMillis: Millis;
}

/**
 * Of whole intervals only, so that the newest does not seem to be a fall; oldest first, the last one ended just now.
 * @param since from when on all batches are given @returns at most `RECENT_INTERVALS`; none while no interval is whole
 */
export function recentCounts(batches: Iterable<RecentBatch>, since: Millis, now: Millis): readonly number[] {
  const end = Math.floor(now / RECENT_INTERVAL_MILLIS);
  const first = Math.max(end - RECENT_INTERVALS, Math.ceil(since / RECENT_INTERVAL_MILLIS));
  const counts = new Array<number>(Math.max(0, end - first)).fill(0);
  for (const { frames, timeMillis } of batches) {
    const interval = Math.floor(timeMillis / RECENT_INTERVAL_MILLIS) - first;
    const count = counts[interval];
    if (count !== undefined) counts[interval] = count + frames;
  }
  return counts;
}
