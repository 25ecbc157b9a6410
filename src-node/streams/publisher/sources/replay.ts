/** A sample publisher: real rows that were recorded once, at the speed at which they happened or a multiple of it, over and over. */
import { millis, type Clock } from '../../../base/clock.ts';
import { CsvRecords } from '../../../base/csv.ts';
import { CodedError, isCoded } from '../../../base/errors.ts';
import { readCsvRow, type Row, type StreamSchema } from '../schema.ts';
import type { RowSink } from '../source.ts';

export interface ReplayOptions {
  /** In the order of their times. */
  readonly rows: readonly Row[];
  /** When each happened, ms since 1970. */
  readonly times: readonly number[];
  /** 1: as it happened; 3600: an hour in a second. */
  readonly speed: number;
}

export interface ReplayModules {
  readonly sink: RowSink;
  readonly clock: Clock;
}

const NAME = 'replay';
/** Of rows that all have one time. */
const ONLY_GAP_MILLIS = 1000;

/** Rows of separated text with a header. @throws BAD_ROW naming field and row */
export function rowsOfCsv(schema: StreamSchema, text: string): readonly Row[] {
  const records = new CsvRecords(',');
  const [header = [], ...fields] = text.split(/\r?\n/).filter((line) => line !== '').flatMap((line) => [records.take(line) ?? []].filter(({ length }) => length > 0));
  return fields.map((one, index) => readCsvRow(schema, header, one, index + 1));
}

/** Until `signal` aborts; after a restart it goes on with the row behind the last one that was taken. @throws BAD_REPLAY */
export async function replay({ rows, times, speed }: ReplayOptions, { sink, clock }: ReplayModules, signal: AbortSignal): Promise<void> {
  if (rows.length === 0 || times.length !== rows.length || !(speed > 0) || times.some((time, i) => !(time >= (times[i - 1] ?? -Infinity)))) {
    throw new CodedError('BAD_REPLAY', 'These rows cannot be played: each needs a time that is not before that of the row above.', { help: 'Sort the rows by their time, and give a speed above 0.' });
  }
  const last = sink.recent(NAME).at(-1);
  let index = last === undefined ? 0 : (Number(last) + 1) % rows.length;
  let isFirst = true;
  for (let due = clock.now() as number; !signal.aborted; index = (index + 1) % rows.length) {
    due += isFirst ? 0 : gapBefore(times, index) / speed;
    isFirst = false;
    await clock.sleep(millis(Math.max(0, due - clock.now())), signal);
    const row = rows[index];
    if (row !== undefined) await accept(row, String(index), sink, clock, signal);
  }
}

/** Milliseconds from the row before; from the last to the first as long as between two on average. */
function gapBefore(times: readonly number[], index: number): number {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  if (index > 0) return (times[index] ?? 0) - (times[index - 1] ?? 0);
  return last > first ? (last - first) / (times.length - 1) : ONLY_GAP_MILLIS;
}

async function accept(row: Row, token: string, sink: RowSink, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await sink.accept(NAME, [{ row, token, timeMillis: clock.now() }]);
    } catch (error) {
      if (!isCoded(error, 'SPOOL_FULL')) throw error;
      await sink.room(signal);
    }
  }
}
