/** How the cells of a stream's rows read: numbers of one column with the same decimals, times as clocks. */
import type { StreamColumn, StreamRow, StreamValue } from '../../src-node/api/contract/index.ts';
import { clock } from '../format/moment.ts';

const LOOKED_AT = 100;
const MOST_DECIMALS = 6;

/** Decimals of each column, by its newest rows; 0 for what is no number. */
export function decimalsOf(columns: readonly StreamColumn[], rows: readonly StreamRow[]): readonly number[] {
  const looked = rows.slice(0, LOOKED_AT);
  return columns.map(({ type }, at) => (type === 'number' ? looked.reduce((most, { values }) => Math.max(most, decimals(values[at])), 0) : 0));
}

function decimals(value: StreamValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(MOST_DECIMALS, /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0) : 0;
}

/** An en dash where the message has none. */
export function cellText(value: StreamValue | undefined, { type }: StreamColumn, digits: number): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return type === 'time' ? clock(value, true) : type === 'number' ? value.toFixed(digits) : String(value);
  return String(value);
}

/** The message as it is passed on to programs: its columns by name, or what did not fit them. */
export function rawText({ seq, at, values, raw }: StreamRow, columns: readonly StreamColumn[]): string {
  return raw ?? JSON.stringify({ seq, at: new Date(at).toISOString(), ...Object.fromEntries(columns.map(({ name }, i) => [name, values[i] ?? null])) });
}
