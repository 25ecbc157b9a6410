import { describe, expect, it } from 'vitest';
import type { StreamColumn } from '../../src-node/api/contract/index.ts';
import { cellText, decimalsOf, rawText } from './streams-cells.ts';

const COLUMNS: readonly StreamColumn[] = [{ name: 'station', type: 'text', unit: null }, { name: 'road', type: 'number', unit: '°C' }, { name: 'count', type: 'integer', unit: null }, { name: 'seen', type: 'time', unit: null }];
const row = (values: readonly (string | number | null)[]) => ({ seq: 7, at: Date.UTC(2025, 0, 1), values, raw: null });

describe('the cells of a row', () => {
  it('have the decimals that a column needs, and six at most', () => {
    expect(decimalsOf(COLUMNS, [row(['A', 3, 1, 0]), row(['A', 3.25, 1, 0]), row(['A', null, 1, 0])])).toEqual([0, 2, 0, 0]);
    expect(decimalsOf(COLUMNS, [row(['A', 1 / 3, 1, 0])])).toEqual([0, 6, 0, 0]);
    expect(cellText(3, COLUMNS[1]!, 2)).toBe('3.00');
  });

  it('say nothing as a dash, a time as a clock, a number of things as it is', () => {
    expect(cellText(null, COLUMNS[1]!, 2)).toBe('–');
    expect(cellText(new Date(2025, 0, 1, 9, 8, 7, 12).getTime(), COLUMNS[3]!, 0)).toBe('09:08:07.012');
    expect(cellText(1234, COLUMNS[2]!, 0)).toBe('1234');
  });

  it('are passed on by the names of their columns, or as what did not fit', () => {
    expect(rawText(row(['A', 3.2, 1, null]), COLUMNS)).toBe('{"seq":7,"at":"2025-01-01T00:00:00.000Z","station":"A","road":3.2,"count":1,"seen":null}');
    expect(rawText({ ...row([]), raw: 'hello' }, COLUMNS)).toBe('hello');
  });
});
