/** A delivered row in the order of the columns. What does not fit them is shown as the text that it is, or its first octets. */
import { millis, type Millis } from '../../base/clock.ts';
import { toHex } from '../../base/bytes.ts';
import type { StreamRow } from './row.ts';

/** A row as a window sees it. */
export interface VerifiedRow {
  readonly seq: number;
  readonly at: Millis;
  /** In the order of the columns. */
  readonly values: readonly (number | string | boolean | null)[];
  /** What does not fit the columns. */
  readonly raw: string | null;
}

const MAX_RAW = 1024;

export function verifiedRow({ seq, timeMillis, row, record }: StreamRow, columns: readonly { readonly name: string }[]): VerifiedRow {
  const values = columns.map(({ name }) => row?.[name] ?? null);
  return { seq: Number(seq), at: millis(timeMillis), values, raw: row === null ? rawOf(record) : null };
}

function rawOf({ contentType, body }: StreamRow['record']): string {
  return contentType === 'octets' ? toHex(body.subarray(0, MAX_RAW / 2 - 1)) : Buffer.from(body.subarray(0, MAX_RAW)).toString('utf8');
}
