import { describe, expect, it } from 'vitest';
import { millis } from '../../../base/clock.ts';
import type { StoredRecord } from '../engine.ts';
import { RecordWindow } from './record-window.ts';

const recordsOf = (from: number, count: number, bytes = 10): readonly StoredRecord[] =>
  Array.from({ length: count }, (_, i) => ({ offset: BigInt(from + i), key: new Uint8Array(20), timeMillis: millis(0), value: new Uint8Array(bytes) }));
const heldOf = (window: RecordWindow, to: number): readonly number[] => Array.from({ length: to }, (_, i) => i).filter((i) => window.at(BigInt(i))?.offset === BigInt(i));
const span = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('the newest records in memory', () => {
  it('are consecutive: what follows is added, what came already is not, a hole begins anew', () => {
    const window = new RecordWindow({ used: 0 });
    window.add(recordsOf(5, 3));
    window.add(recordsOf(6, 4));
    window.add([]);
    expect(heldOf(window, 40)).toEqual(span(5, 10));
    window.add(recordsOf(20, 3));
    expect(heldOf(window, 40)).toEqual(span(20, 23));
  });

  it('are bounded, for each log and for all', () => {
    const room = { used: 0 };
    const windows = Array.from({ length: 20 }, () => new RecordWindow(room));
    for (const window of windows) window.add(recordsOf(0, 6, 1024 * 1024));
    expect(heldOf(windows[0]!, 10)).toEqual(span(2, 6));
    expect(room.used).toBeLessThanOrEqual(64 * 1024 * 1024);
    for (const window of windows) window.clear();
    expect(room.used).toBe(0);
  });
});
