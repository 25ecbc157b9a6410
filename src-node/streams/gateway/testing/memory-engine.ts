/** A log in memory that several engines can stand over, as instances of a gateway over one cluster do; and that fails when it is told to. */
import { hexOf, type Bytes } from '../../../base/bytes.ts';
import { millis, type Millis } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import type { EngineReport, LogEngine, LogRecord, LogTable, ReadLimits, StoredRecord, StreamLog } from '../../log/engine.ts';
import { checkSizes } from '../../log/log-errors.ts';

interface Stored {
  records: StoredRecord[];
  first: bigint;
  next: bigint;
  readonly listeners: Set<() => void>;
  readonly values: Map<string, Bytes>;
  revision: number;
}

export class MemoryCluster {
  readonly #streams = new Map<string, Stored>();
  /** Reads that were made. */
  reads = 0;
  /** Waits before an append is done. */
  appendDelay: (() => Promise<void>) | undefined;
  isDown = false;
  /** Whether what is added is told of. */
  tells = true;

  engine(): LogEngine {
    return {
      kind: 'built-in',
      open: (streamId) => Promise.resolve(this.#log(this.of(streamId))),
      test: (): Promise<EngineReport> => Promise.resolve({ kind: 'built-in', ok: true, checks: [], brokers: [] }),
      close: () => Promise.resolve(),
    };
  }

  of(streamId: Bytes): Stored {
    const key = hexOf(streamId);
    let stored = this.#streams.get(key);
    if (stored === undefined) this.#streams.set(key, (stored = { records: [], first: 0n, next: 0n, listeners: new Set(), values: new Map(), revision: 0 }));
    return stored;
  }

  /** Adds records as another instance does. */
  append(stored: Stored, records: readonly LogRecord[]): readonly bigint[] {
    const offsets = records.map((record) => {
      const offset = stored.next++;
      stored.records.push({ ...record, offset });
      return offset;
    });
    if (this.tells) for (const listener of stored.listeners) queueMicrotask(listener);
    return offsets;
  }

  /** Drops what is before an offset, as retention does. */
  drop(streamId: Bytes, before: bigint): void {
    const stored = this.of(streamId);
    stored.records = stored.records.filter(({ offset }) => offset >= before);
    stored.first = before;
  }

  /** Cuts what is from an offset on, as a log that was restored from a copy. */
  cut(streamId: Bytes, from: bigint): void {
    const stored = this.of(streamId);
    stored.records = stored.records.filter(({ offset }) => offset < from);
    stored.next = from;
  }

  #log(stored: Stored): StreamLog {
    const up = (): void => {
      if (this.isDown) throw new CodedError('LOG_UNREACHABLE', 'The log does not answer.');
    };
    const table: LogTable = {
      get revision() {
        return stored.revision;
      },
      put: (key, value) => {
        up();
        if (value.length === 0) stored.values.delete(key);
        else stored.values.set(key, value);
        stored.revision++;
        return Promise.resolve();
      },
      get: (key) => stored.values.get(key),
      entries: (prefix) => [...stored.values].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)),
    };
    return {
      append: async (records) => {
        await this.appendDelay?.();
        up();
        checkSizes(records);
        return this.append(stored, records);
      },
      read: async (from, limits) => {
        await Promise.resolve();
        up();
        this.reads++;
        return slice(stored, from, limits);
      },
      bounds: async () => {
        await Promise.resolve();
        up();
        return { first: stored.first, next: stored.next };
      },
      offsetAt: (time: Millis) => Promise.resolve(stored.records.find(({ timeMillis }) => timeMillis >= time)?.offset ?? stored.next),
      onGrown: (listener) => {
        stored.listeners.add(listener);
        return () => stored.listeners.delete(listener);
      },
      table: () => Promise.resolve(table),
      close: () => Promise.resolve(),
    };
  }
}

function slice({ records, first, next }: Stored, from: bigint, { maxRecords, maxBytes }: ReadLimits): { readonly records: readonly StoredRecord[]; readonly next: bigint } {
  if (from < first) throw new CodedError('LOG_TOO_OLD', 'That is no longer kept.', { meta: { first: first.toString() } });
  const found: StoredRecord[] = [];
  let bytes = 0;
  for (let at = Number(from - first); at < records.length && found.length < maxRecords; at++) {
    const record = records[at];
    if (record === undefined) break;
    bytes += record.value.length;
    if (found.length > 0 && bytes > maxBytes) break;
    found.push(record);
  }
  const last = found.at(-1);
  return { records: found, next: last === undefined ? (from > next ? from : next) : last.offset + 1n };
}

export const LONG = millis(365 * 86_400_000);
