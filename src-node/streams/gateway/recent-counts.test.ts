import { expect, it } from 'vitest';
import { millis } from '../../base/clock.ts';
import { recentCounts, RECENT_INTERVAL_MILLIS, RECENT_INTERVALS } from './recent-counts.ts';

const at = (intervals: number) => millis(intervals * RECENT_INTERVAL_MILLIS);
const batch = (intervals: number, frames = 1) => ({ frames, timeMillis: at(intervals) });

it('counts frames of whole intervals, oldest first', () => {
  expect(recentCounts([batch(100, 3), batch(100.9, 4), batch(102, 5), batch(103.2, 9)], at(100), at(103.5))).toEqual([7, 0, 5]);
});

it('says nothing of an interval whose beginning it does not know', () => {
  expect(recentCounts([batch(100.6), batch(101.5)], at(100.5), at(102))).toEqual([1]);
  expect(recentCounts([batch(100.6)], at(100.5), at(101.9))).toEqual([]);
  expect(recentCounts([], at(0), at(100))).toEqual(new Array(RECENT_INTERVALS).fill(0));
});

it('forgets what is older, and does not count what claims to be of later', () => {
  const counts = recentCounts([batch(79, 8), batch(80, 1), batch(99.9, 2), batch(100, 4), batch(200, 4)], at(0), at(100));
  expect(counts).toHaveLength(RECENT_INTERVALS);
  expect([counts[0], counts.at(-1), counts.reduce((sum, count) => sum + count)]).toEqual([1, 2, 3]);
});
