/**
 * What the charts of a live stream are drawn from: for every kind of row and column the lowest and the highest value of each second of the
 * last ten minutes. Its size does not depend on how fast rows come.
 */
import type { StreamColumn, StreamGap, StreamRow, StreamValue } from '../../src-node/api/contract/index.ts';

export const SPAN_MILLIS = 600_000;
const BUCKET_MILLIS = 1000;
const BUCKETS = SPAN_MILLIS / BUCKET_MILLIS;
/** Of the column that tells rows apart; further ones are only in the table. */
const MOST_KEYS = 50;
/** A column with numbers that count rows, or name things, says nothing as a line. */
const NO_MEASURE = /^(id|seq|sequence|index|.*_id)$/i;
/** Every row, whatever its key. */
export const ALL_KEYS = '';

/** Points to draw, oldest first; times in milliseconds. A null value breaks the line. */
export interface Line {
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Positions of the columns that make a line. */
export function measures(columns: readonly StreamColumn[]): readonly number[] {
  return columns.flatMap(({ name, type }, at) => ((type === 'number' || type === 'integer') && !NO_MEASURE.test(name) ? [at] : []));
}

/** Position of the column that tells one device from another: the first text; -1 without one. */
export function keyColumn(columns: readonly StreamColumn[]): number {
  return columns.findIndex(({ type }) => type === 'text');
}

/** Ring of buckets of one key: for column c and slot s at `c * BUCKETS + s`. */
interface Track {
  /** Number of the bucket that each slot holds; -1 for none. */
  readonly buckets: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Whether the lowest came before the highest. */
  readonly rising: Uint8Array;
}

export class StreamSeries {
  readonly #columns: readonly number[];
  readonly #key: number;
  readonly #tracks = new Map<string, Track>();
  #newest = 0;

  constructor(columns: readonly StreamColumn[]) {
    this.#columns = measures(columns);
    this.#key = keyColumn(columns);
  }

  /** Time of the newest row, 0 before any. */
  get newest(): number {
    return this.#newest;
  }

  add(rows: readonly StreamRow[]): void {
    for (const { at, values } of rows) {
      if (at > this.#newest) this.#newest = at;
      this.#put(ALL_KEYS, at, values);
      const key = this.#key < 0 ? null : values[this.#key];
      if (typeof key === 'string' && key !== ALL_KEYS) this.#put(key, at, values);
    }
  }

  /** In the order they were first seen, so that none changes its place. */
  keys(): readonly string[] {
    return [...this.#tracks.keys()].filter((key) => key !== ALL_KEYS);
  }

  /** Of one column of the stream; `gaps` break it. */
  line(key: string, column: number, from: number, to: number, gaps: readonly StreamGap[]): Line {
    const times: number[] = [];
    const values: (number | null)[] = [];
    const track = this.#tracks.get(key);
    const base = this.#columns.indexOf(column) * BUCKETS;
    if (track === undefined || base < 0) return { times, values };
    const breaks = gaps.map((gap) => gap.from).filter((at) => at >= from && at <= to).toSorted((a, b) => a - b);
    let broken = 0;
    for (let bucket = Math.floor(from / BUCKET_MILLIS); bucket <= Math.floor(to / BUCKET_MILLIS); bucket += 1) {
      const slot = bucket % BUCKETS;
      if (track.buckets[slot] !== bucket) continue;
      const [low = NaN, high = NaN] = [track.low[base + slot], track.high[base + slot]];
      if (Number.isNaN(low)) continue;
      const at = bucket * BUCKET_MILLIS;
      for (let next = breaks[broken]; next !== undefined && next <= at; next = breaks[broken]) {
        broken += 1;
        if (times.length > 0) push(times, values, Math.max(next, (times.at(-1) ?? 0) + 1), null);
      }
      const rising = track.rising[base + slot] === 1;
      push(times, values, at, rising ? low : high);
      if (low !== high) push(times, values, at + BUCKET_MILLIS / 2, rising ? high : low);
    }
    return { times, values };
  }

  #put(key: string, at: number, values: readonly StreamValue[]): void {
    const track = this.#tracks.get(key) ?? this.#begin(key);
    if (track === null) return;
    const bucket = Math.floor(at / BUCKET_MILLIS);
    const slot = bucket % BUCKETS;
    const held = track.buckets[slot] ?? -1;
    if (bucket < held) return; // a row that comes late to a second that is long over
    const fresh = bucket > held;
    if (fresh) track.buckets[slot] = bucket;
    for (const [index, column] of this.#columns.entries()) {
      const place = index * BUCKETS + slot;
      const value = values[column];
      if (fresh) track.low[place] = track.high[place] = NaN;
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      if (!((track.low[place] ?? NaN) <= value)) {
        track.rising[place] = Number.isNaN(track.low[place] ?? NaN) ? 1 : 0;
        track.low[place] = value;
      }
      if (!((track.high[place] ?? NaN) >= value)) {
        track.high[place] = value;
        track.rising[place] = 1;
      }
    }
  }

  #begin(key: string): Track | null {
    if (this.#tracks.size > MOST_KEYS) return null;
    const size = this.#columns.length * BUCKETS;
    const track: Track = { buckets: new Float64Array(BUCKETS).fill(-1), low: new Float64Array(size).fill(NaN), high: new Float64Array(size).fill(NaN), rising: new Uint8Array(size) };
    this.#tracks.set(key, track);
    return track;
  }
}

function push(times: number[], values: (number | null)[], at: number, value: number | null): void {
  times.push(at);
  values.push(value);
}
