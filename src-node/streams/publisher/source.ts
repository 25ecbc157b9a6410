/** What a source of rows sees of the publisher: rows go in, and are acknowledged to the device when this returns. */
import type { Millis } from '../../base/clock.ts';
import type { Row, StreamSchema } from './schema.ts';

export interface IncomingRow {
  readonly row: Row;
  /**
   * Says to its source which row this is, so that one that comes again is known: a position in a file, or a packet of a broker.
   * Empty when the source cannot say.
   */
  readonly token: string;
  readonly timeMillis: Millis;
}

export interface RowSink {
  readonly schema: StreamSchema;
  /** All of them or none are on disk when it resolves: then, and not before, the device may be told. @throws SPOOL_FULL, CodedError<FileErrorCode> */
  accept(source: string, rows: readonly IncomingRow[]): Promise<void>;
  /** Tokens of the rows that came last from a source, the newest last; also after a restart. */
  recent(source: string): readonly string[];
  /** Resolves when SPOOL_FULL is over, or when `signal` aborts. */
  room(signal: AbortSignal): Promise<void>;
}
