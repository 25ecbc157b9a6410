/**
 * Where a gateway keeps the batches of its streams: one interface, kept by segment files of this program or by Kafka
 * (docs/protocol/11 §4.13). Offsets are those of the stream, whatever keeps it: they count from 0, without holes, and stay the same
 * when a stream moves from one engine to the other.
 */
import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';

export type EngineKind = 'built-in' | 'kafka';

/** `LOG_FULL`: the bound of the disk is reached and nothing may be dropped yet. `LOG_RIGHTS`: the cluster refuses what is needed (meta.need). */
export type LogErrorCode = 'LOG_UNREACHABLE' | 'LOG_RIGHTS' | 'LOG_FULL' | 'LOG_DAMAGED' | 'LOG_LOCKED' | 'LOG_TOO_OLD' | 'LOG_RECORD_TOO_LARGE' | 'LOG_CLOSED';

export interface LogRecord {
  /** Address of the publisher, 20 bytes: records of one publisher keep their order. */
  readonly key: Bytes;
  readonly timeMillis: Millis;
  readonly value: Bytes;
}

export interface StoredRecord extends LogRecord {
  readonly offset: bigint;
}

export interface LogBounds {
  /** Oldest that can be read. */
  readonly first: bigint;
  /** What the next record gets. */
  readonly next: bigint;
}

export interface LogSlice {
  readonly records: readonly StoredRecord[];
  /** Where to read on. */
  readonly next: bigint;
}

export interface ReadLimits {
  readonly maxRecords: number;
  /** The first record comes even when it is larger. */
  readonly maxBytes: number;
}

/** All may throw LOG_UNREACHABLE and LOG_CLOSED. */
export interface StreamLog {
  /** On disk (or on every in-sync replica) when it returns; records of one call (7 MiB at most) get consecutive offsets in their order. @throws LOG_FULL, LOG_RECORD_TOO_LARGE, LOG_RIGHTS */
  append(records: readonly LogRecord[]): Promise<readonly bigint[]>;
  /** What is there now, without waiting for more. @throws LOG_TOO_OLD (meta.first) when `from` is no longer kept */
  read(from: bigint, limits: ReadLimits): Promise<LogSlice>;
  bounds(): Promise<LogBounds>;
  /** First record at or after a time; `next` when there is none. */
  offsetAt(time: Millis): Promise<bigint>;
  /** Told soon after a record was added, by this process or by another instance of the gateway. @returns the function that stops it */
  onGrown(listener: () => void): () => void;
  /** The newest value of each key, as of envelopes and checkpoints. */
  table(name: 'keys' | 'checkpoints'): Promise<LogTable>;
  close(): Promise<void>;
}

/** A compacted topic, or a journal of its own: the newest value of every key. Keys and values up to 64 KiB. */
export interface LogTable {
  /** Grows when something came that another instance may have put. */
  readonly revision: number;
  /** An empty value forgets the key. */
  put(key: string, value: Bytes): Promise<void>;
  get(key: string): Bytes | undefined;
  /** Keys that begin so, in order, with their values. */
  entries(prefix: string): readonly (readonly [string, Bytes])[];
}

export interface EngineReport {
  readonly kind: EngineKind;
  readonly ok: boolean;
  /** Each with what was tried: reaching brokers, creating a topic, an idempotent produce, a fetch, free space. */
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  readonly brokers: readonly string[];
}

export interface LogEngine {
  readonly kind: EngineKind;
  /** Opens the stream's log, and makes it when it is new. `streamId`: 32 bytes. */
  open(streamId: Bytes, options: { readonly retentionMillis: Millis }): Promise<StreamLog>;
  /** Tries everything that will be needed, and cleans up behind itself. Never throws. */
  test(): Promise<EngineReport>;
  close(): Promise<void>;
}
