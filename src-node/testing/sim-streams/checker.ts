/**
 * Judges the history of a simulation, in the manner of Jepsen's checker of Kafka: what was acknowledged is there, in order, once, and what is
 * not there was said. Everything but the final loss is judged as it happens.
 */
import type { ReaderEvent, ReaderPlace, SimEvent } from './history.ts';

/**
 * `lost`: acknowledged, and never handed on nor excused. `reordered`, `duplicate`: to the application of one reader. `silent_gap`: numbers left
 * out without a word. `late_gap`: the word came more than five seconds after the reader could know. `unexcused_gap`: said to be missing though
 * nothing was deleted. `phantom`: nobody sent it, or two readers got different rows under one number. `wrong_spend`: another sum than
 * what was delivered costs. `fork`: a reader was shown two histories. `fault`: a part stopped by itself. `not_caught_up`: rows still missing in the end.
 */
export type ViolationKind = 'lost' | 'reordered' | 'duplicate' | 'silent_gap' | 'late_gap' | 'unexcused_gap' | 'phantom' | 'wrong_spend' | 'fork' | 'fault' | 'not_caught_up';

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

export interface CheckerOptions {
  readonly readers: number;
  readonly unitPrice: number;
  /** Messages that may be delivered before they are signed for: half of them may stay unsigned in the end. */
  readonly window: number;
}

interface Gap {
  readonly from: number;
  readonly to: number;
}

interface ReaderHistory {
  readonly rows: Set<number>;
  readonly gaps: Gap[];
  lastSeq: number;
  lastRow: number;
  delivered: number;
  signed: number;
  /** Frames up to here may be missing. */
  excusedTo: number;
  hole: { readonly from: number; readonly since: number } | null;
}

const GAP_MILLIS = 5000;

export class StreamChecker {
  readonly #options: CheckerOptions;
  readonly #tried = new Map<number, [from: number, to: number][]>();
  readonly #acked = new Map<number, Set<number>>();
  readonly #readers = new Map<string, ReaderHistory>();
  /** Row by number in the stream, as the first reader got it, and the other way round. */
  readonly #rowAt = new Map<string, number>();
  readonly #seqOf = new Map<string, number>();
  readonly #violations: Violation[] = [];
  #worstGapMillis = 0;

  constructor(options: CheckerOptions) {
    this.#options = options;
  }

  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Longest time from when a reader could know of a gap until it said so. */
  get worstGapMillis(): number {
    return this.#worstGapMillis;
  }

  get counts(): { readonly acked: number; readonly delivered: number; readonly gaps: number; readonly missed: number; readonly unknown: number } {
    const readers = [...this.#readers.values()];
    const acked = [...this.#acked.values()].reduce((sum, rows) => sum + rows.size, 0);
    const tried = [...this.#tried.values()].flat().reduce((sum, [from, to]) => sum + to - from + 1, 0);
    const gaps = readers.flatMap((reader) => reader.gaps);
    return { acked, delivered: readers.reduce((sum, { delivered }) => sum + delivered, 0), gaps: gaps.length, missed: gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0), unknown: tried - acked };
  }

  take(event: SimEvent): void {
    switch (event.type) {
      case 'try':
        entry(this.#tried, event.stream, () => []).push([event.from, event.from + event.count - 1]);
        return;
      case 'ack':
        for (let row = event.from; row < event.from + event.count; row++) entry(this.#acked, event.stream, () => new Set()).add(row);
        return;
      case 'fault':
        return this.#violate('fault', `${event.what}: ${event.code}`);
      case 'forgotten':
        this.#reader(event).excusedTo = event.to;
        return;
      case 'nemesis':
        return;
      case 'rows':
      case 'hole':
      case 'gap':
      case 'fork':
      case 'paid':
      case 'connected':
      case 'disconnected':
        return this.#takeReader(event, this.#reader(event));
    }
  }

  /** Acknowledged rows of a stream, or those of `rows`, that this reader has neither got nor said to be missing. */
  missing(place: ReaderPlace, rows: Iterable<number> = this.#acked.get(place.stream) ?? []): readonly number[] {
    const reader = this.#reader(place);
    return [...rows].filter((row) => !reader.rows.has(row) && !this.#isExcused(place, reader, row));
  }

  /** Number in the stream behind which this reader stands; −1 at its beginning. */
  lastSeq(place: ReaderPlace): number {
    return this.#reader(place).lastSeq;
  }

  /** When everything has ended. */
  finish(streams: number): readonly Violation[] {
    for (let stream = 0; stream < streams; stream++) {
      for (let reader = 0; reader < this.#options.readers; reader++) {
        const place = { stream, reader };
        const missing = this.missing(place);
        if (missing.length > 0) this.#violate('lost', `reader ${reader} of stream ${stream} never got ${missing.length} acknowledged rows: ${missing.slice(0, 5).join(', ')}`);
        const { delivered, signed, hole } = this.#reader(place);
        if (2 * (delivered - signed) >= Math.max(2, this.#options.window)) this.#violate('wrong_spend', `reader ${reader} of stream ${stream} got ${delivered} rows and signed for ${signed}`);
        if (hole !== null) this.#violate('silent_gap', `reader ${reader} of stream ${stream} ended with a hole from ${hole.from}`);
      }
    }
    return this.#violations;
  }

  #takeReader(event: ReaderEvent, reader: ReaderHistory): void {
    const who = `reader ${event.reader} of stream ${event.stream}`;
    this.#judgeHole(event, reader, who);
    switch (event.type) {
      case 'rows':
        for (const [seq, row] of event.rows) this.#takeRow(event, reader, who, seq, row);
        return;
      case 'hole':
        if (event.from === null || reader.hole?.from !== event.from) reader.hole = event.from === null ? null : { from: event.from, since: event.at };
        return;
      case 'gap':
        reader.gaps.push({ from: event.from, to: event.to });
        if (event.to > reader.excusedTo) this.#violate('unexcused_gap', `${who} was told that ${event.from} to ${event.to} are missing (${event.reason})`);
        return;
      case 'fork':
        return this.#violate('fork', `${who} at ${event.firstSeq}`);
      case 'paid':
        if (event.amount !== event.units * this.#options.unitPrice) this.#violate('wrong_spend', `${who} signed ${event.amount} for ${event.units} rows`);
        if (event.units > reader.delivered) this.#violate('wrong_spend', `${who} signed for ${event.units} rows and had ${reader.delivered}`);
        if (event.units < reader.signed) this.#violate('wrong_spend', `${who} signed for ${event.units} rows after ${reader.signed}`);
        reader.signed = event.units;
        return;
      case 'connected':
      case 'disconnected':
        return;
    }
  }

  #judgeHole(event: ReaderEvent, reader: ReaderHistory, who: string): void {
    const { hole } = reader;
    if (hole === null) return;
    const told = event.type === 'gap' && event.from <= hole.from && event.to >= hole.from;
    const taken = event.at - hole.since - (event.type === 'gap' ? event.late : 0);
    if (told) this.#worstGapMillis = Math.max(this.#worstGapMillis, event.at - hole.since);
    const isFilled = event.type === 'hole' && event.from !== hole.from;
    if (told || isFilled) reader.hole = null;
    if (told && taken > GAP_MILLIS) this.#violate('late_gap', `${who} was told after ${taken} ms that ${hole.from} is missing`);
  }

  #takeRow(place: ReaderPlace, reader: ReaderHistory, who: string, seq: number, row: number): void {
    const isDuplicate = reader.rows.has(row);
    if (isDuplicate) this.#violate('duplicate', `${who} got row ${row} again, at ${seq}`);
    else if (seq <= reader.lastSeq || row <= reader.lastRow) this.#violate('reordered', `${who} got row ${row} at ${seq} after row ${reader.lastRow} at ${reader.lastSeq}`);
    for (let missing = reader.lastSeq + 1; missing < seq; missing++) {
      const gap = reader.gaps.find(({ from, to }) => from <= missing && missing <= to);
      if (gap === undefined) {
        this.#violate('silent_gap', `${who} got ${seq} after ${reader.lastSeq} and was told nothing`);
        break;
      }
      missing = gap.to;
    }
    reader.rows.add(row);
    reader.delivered += 1;
    reader.lastSeq = Math.max(reader.lastSeq, seq);
    reader.lastRow = Math.max(reader.lastRow, row);
    const [bySeq, byRow] = [`${place.stream}:${seq}`, `${place.stream}:${row}`];
    if (!this.#wasTried(place.stream, row)) this.#violate('phantom', `${who} got row ${row}, which nobody sent`);
    if ((this.#rowAt.get(bySeq) ?? row) !== row) this.#violate('phantom', `${who} got row ${row} at ${seq}, where another reader got row ${this.#rowAt.get(bySeq) ?? -1}`);
    this.#rowAt.set(bySeq, row);
    this.#seqOf.set(byRow, seq);
  }

  #isExcused({ stream }: ReaderPlace, { gaps, excusedTo }: ReaderHistory, row: number): boolean {
    const seq = this.#seqOf.get(`${stream}:${row}`);
    return seq !== undefined && seq <= excusedTo && gaps.some(({ from, to }) => from <= seq && seq <= to);
  }

  #wasTried(stream: number, row: number): boolean {
    const tried = this.#tried.get(stream)?.findLast(([from]) => from <= row);
    return tried !== undefined && tried[1] >= row;
  }

  #reader({ stream, reader }: ReaderPlace): ReaderHistory {
    return entry(this.#readers, `${stream}:${reader}`, () => ({ rows: new Set(), gaps: [], lastSeq: -1, lastRow: -1, delivered: 0, signed: 0, excusedTo: -1, hole: null }));
  }

  #violate(kind: ViolationKind, detail: string): void {
    this.#violations.push({ kind, detail });
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
