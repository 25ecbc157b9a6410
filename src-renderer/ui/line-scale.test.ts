import { describe, expect, it } from 'vitest';
import { lineTexts, timeLines, valueScale } from './line-scale.ts';

describe('the scales of a line chart', () => {
  it('stand around the values at round ones, with four lines at most', () => {
    expect(valueScale([0.54, null, 0.74])).toEqual({ low: 0.5, high: 0.8, lines: [0.5, 0.6, 0.7, 0.8] });
    expect(valueScale([2.4, 3.8]).lines).toEqual([2, 3, 4]);
    expect(valueScale([-31, 12]).lines).toEqual([-40, -20, 0, 20]);
    for (const [low, high] of [[1, 2], [0.001, 0.0093], [999, 1001], [-5, 5e6]] as const) {
      const scale = valueScale([low, high]);
      expect(scale.lines.length).toBeLessThanOrEqual(4);
      expect(scale.low).toBeLessThanOrEqual(low);
      expect(scale.high).toBeGreaterThanOrEqual(high);
    }
  });

  it('have room where nothing varies, or nothing is', () => {
    expect(valueScale([7, 7])).toMatchObject({ low: 0, high: 15 });
    expect(valueScale([0]).lines).toContain(0);
    expect(valueScale([null])).toEqual({ low: 0, high: 1, lines: [0, 1] });
  });

  it('are written with the same decimals', () => {
    expect(lineTexts([2.5, 3, 3.5])).toEqual(['2.5', '3.0', '3.5']);
    expect(lineTexts([0, 20])).toEqual(['0', '20']);
  });

  it('name whole minutes of ten', () => {
    const start = Date.UTC(2025, 10, 24, 10, 14, 7);
    expect(timeLines(start, start + 600_000, 5).map((at) => new Date(at).toISOString().slice(14, 19))).toEqual(['16:00', '18:00', '20:00', '22:00', '24:00']);
  });
});
