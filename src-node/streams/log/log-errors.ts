/** What both engines say when they cannot. */
import { CodedError } from '../../base/errors.ts';
import type { LogErrorCode, LogRecord } from './engine.ts';

/** A batch has at most 1 MiB (docs/protocol/11 §4.11), and something stands around it. */
export const MAX_RECORD_BYTES = 1024 * 1024 + 4096;
/** Of one call of `append`: it goes to the log as a whole. */
export const MAX_CALL_BYTES = 7 * 1024 * 1024;
export const MAX_TABLE_BYTES = 64 * 1024;

export const closed = (): CodedError<LogErrorCode> => new CodedError('LOG_CLOSED', 'This log is closed.', { help: 'Open the stream again.' });

export const tooOld = (first: bigint): CodedError<LogErrorCode> =>
  new CodedError('LOG_TOO_OLD', 'What was asked for is no longer kept.', { help: 'Read on from the oldest record.', meta: { first: first.toString() } });

export const tooLarge = (bytes: number, maxBytes: number): CodedError<LogErrorCode> =>
  new CodedError('LOG_RECORD_TOO_LARGE', `A record of ${bytes} bytes cannot be kept; ${maxBytes} are the most.`, { help: 'Send smaller batches.', meta: { bytes, maxBytes } });

export const unreachable = (message: string, help: string, cause: unknown, meta: Readonly<Record<string, string | number>> = {}): CodedError<LogErrorCode> =>
  new CodedError('LOG_UNREACHABLE', message, { help, meta, cause });

/** @throws LOG_RECORD_TOO_LARGE */
export function checkSizes(records: readonly LogRecord[]): void {
  let all = 0;
  for (const { key, value } of records) {
    const bytes = key.length + value.length;
    if (bytes > MAX_RECORD_BYTES) throw tooLarge(bytes, MAX_RECORD_BYTES);
    all += bytes;
  }
  if (all > MAX_CALL_BYTES) throw tooLarge(all, MAX_CALL_BYTES);
}
