import { describe, expect, it } from 'vitest';
import { StreamChecker } from './checker.ts';
import type { ReaderEvent, SimEvent } from './history.ts';

const OPTIONS = { readers: 2, unitPrice: 7, window: 4 };
const ROWS = 20;

const rows = (reader: number, numbers: readonly (readonly [seq: number, row: number])[]): ReaderEvent => ({ type: 'rows', stream: 0, reader, rows: numbers.map(([seq, row]) => [seq, row, 0]), at: 1000 });
const sent: readonly SimEvent[] = [{ type: 'try', stream: 0, from: 0, count: ROWS }, { type: 'ack', stream: 0, from: 0, count: ROWS, at: 0 }];
const paid = (reader: number, units: number, amount = units * 7): ReaderEvent => ({ type: 'paid', stream: 0, reader, units, amount, at: 2000 });
const each = (without: readonly number[] = []): (readonly [number, number])[] => Array.from({ length: ROWS }, (_, i) => [i, i] as const).filter(([seq]) => !without.includes(seq));
const gap = (from: number, to: number, at = 900, late = 0): ReaderEvent => ({ type: 'gap', stream: 0, reader: 1, from, to, reason: 'retention', at, late });

/** Reader 0 gets everything; `history` is of reader 1. */
function judge(history: readonly SimEvent[]): readonly string[] {
  const checker = new StreamChecker(OPTIONS);
  for (const event of [...sent, rows(0, each()), paid(0, ROWS), ...history]) checker.take(event);
  return [...new Set(checker.finish(1).map(({ kind }) => kind))];
}

describe('the checker of the simulation', () => {
  it('finds nothing wrong with a history in which all is well', () => {
    expect(judge([rows(1, each()), paid(1, ROWS - 1)])).toEqual([]);
  });

  it('finds nothing wrong with rows that nobody acknowledged, whether they come or not', () => {
    const more = { type: 'try', stream: 0, from: ROWS, count: 2 } as const;
    expect(judge([more, rows(1, [...each(), [ROWS, ROWS]]), paid(1, ROWS)])).toEqual([]);
  });

  it('finds an acknowledged row that was lost at the end', () => {
    expect(judge([rows(1, each([ROWS - 1])), paid(1, ROWS - 1)])).toEqual(['lost']);
  });

  it('finds an acknowledged row that no reader ever got', () => {
    expect(judge([{ type: 'try', stream: 0, from: 90, count: 1 }, { type: 'ack', stream: 0, from: 90, count: 1, at: 0 }, rows(1, each()), paid(1, ROWS)])).toEqual(['lost']);
  });

  it('finds rows in another order than they were sent in', () => {
    const swapped = each().map(([seq, row]): [number, number] => [seq, row === 4 ? 5 : row === 5 ? 4 : row]);
    expect(judge([rows(1, swapped), paid(1, ROWS)])).toContain('reordered');
  });

  it('finds a number that comes after a higher one', () => {
    const order = each();
    [order[4], order[5]] = [[5, 5], [4, 4]];
    expect(judge([rows(1, order), paid(1, ROWS)])).toContain('reordered');
  });

  it('finds a row that came twice, under its number or another', () => {
    expect(judge([rows(1, [...each(), [ROWS - 1, ROWS - 1]]), paid(1, ROWS)])).toEqual(['duplicate']);
    expect(judge([rows(1, [...each(), [ROWS, 3]]), paid(1, ROWS)])).toContain('duplicate');
  });

  it('finds a gap that nobody spoke of, also where the log was made to forget', () => {
    const forgotten = { type: 'forgotten', stream: 0, reader: 1, to: 10, at: 0 } as const;
    expect(judge([rows(1, each([7, 8])), paid(1, ROWS - 2)])).toEqual(['silent_gap', 'lost']);
    expect(judge([forgotten, rows(1, each([7, 8])), paid(1, ROWS - 2)])).toEqual(['silent_gap', 'lost']);
    expect(judge([forgotten, rows(1, each([7, 8]).slice(0, 7)), gap(7, 7), rows(1, each([7, 8]).slice(7)), paid(1, ROWS - 2)])).toEqual(['silent_gap', 'lost']);
    expect(judge([forgotten, rows(1, each([7, 8]).slice(0, 7)), gap(7, 8), rows(1, each([7, 8]).slice(7)), paid(1, ROWS - 2)])).toEqual([]);
  });

  it('finds a gap that was told though nothing was forgotten', () => {
    expect(judge([rows(1, each([7, 8]).slice(0, 7)), gap(7, 8), rows(1, each([7, 8]).slice(7)), paid(1, ROWS - 2)])).toEqual(['unexcused_gap', 'lost']);
  });

  it('finds a gap that was told later than five seconds after the reader could know, but for the time it was held up', () => {
    const forgotten = { type: 'forgotten', stream: 0, reader: 1, to: 10, at: 0 } as const;
    const hole = { type: 'hole', stream: 0, reader: 1, from: 7, at: 1000 } as const;
    const told = (at: number, late = 0): readonly string[] => judge([forgotten, rows(1, each().slice(0, 7)), hole, gap(7, 8, at, late), rows(1, each().slice(9)), paid(1, ROWS - 2)]);
    expect(told(5999)).toEqual([]);
    expect(told(6001)).toEqual(['late_gap']);
    expect(told(6500, 600)).toEqual([]);
  });

  it('finds a hole that was never told of', () => {
    expect(judge([rows(1, each()), { type: 'hole', stream: 0, reader: 1, from: ROWS, at: 1000 }, paid(1, ROWS)])).toEqual(['silent_gap']);
  });

  it('finds a row that nobody sent, and one that another reader did not get under its number', () => {
    expect(judge([rows(1, [...each(), [ROWS, 77]]), paid(1, ROWS)])).toEqual(['phantom']);
    expect(judge([{ type: 'try', stream: 0, from: ROWS, count: 1 }, rows(1, [...each([ROWS - 1]), [ROWS - 1, ROWS]]), paid(1, ROWS)])).toContain('phantom');
  });

  it('finds what was paid for and not delivered, delivered and not paid for, or paid at another price', () => {
    expect(judge([paid(1, 1), rows(1, each()), paid(1, ROWS)])).toEqual(['wrong_spend']);
    expect(judge([rows(1, each()), paid(1, ROWS - 2)])).toEqual(['wrong_spend']);
    expect(judge([rows(1, each()), paid(1, ROWS, ROWS * 7 + 1)])).toEqual(['wrong_spend']);
    expect(judge([rows(1, each()), paid(1, ROWS), paid(1, ROWS - 1)])).toEqual(['wrong_spend']);
  });

  it('finds a publisher that stopped by itself, and two histories of one stream', () => {
    expect(judge([rows(1, each()), paid(1, ROWS), { type: 'fault', what: 'publisher 0', code: 'PUBLISHER_FORK' }])).toEqual(['fault']);
    expect(judge([rows(1, each()), paid(1, ROWS), { type: 'fork', stream: 0, reader: 1, firstSeq: 3, at: 0 }])).toEqual(['fork']);
  });
});
