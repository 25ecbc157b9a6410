/** What a key-value store offers. Reads are synchronous on the hot path of execution, writes go in atomic batches. */
import type { Bytes } from '../base/bytes.ts';

export type StoreErrorCode = 'DATABASE_LOCKED' | 'DATABASE_DAMAGED' | 'DATABASE_ERROR';

export interface WriteBatch {
  put(key: Bytes, value: Bytes): void;
  delete(key: Bytes): void;
  /** All operations or none, on disk when the promise resolves. A batch is written once. @throws CodedError<StoreErrorCode> */
  write(): Promise<void>;
}

export interface KeyValueStore {
  /** @throws CodedError<StoreErrorCode> */
  get(key: Bytes): Bytes | undefined;
  /** The same of many keys, read beside the calling thread. @throws CodedError<StoreErrorCode> */
  getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]>;
  batch(): WriteBatch;
  close(): Promise<void>;
}

/** What a database on disk tells of itself and does for itself; a store in memory has none of it. */
export interface DatabaseUpkeep {
  /** Of the database's own names, as "leveldb.stats"; undefined for one that it does not know. @throws CodedError<StoreErrorCode> */
  property(name: string): string | undefined;
  /** Writes its files anew without what was deleted or replaced. Reading goes on meanwhile; writing and closing may wait for a part of it. @throws CodedError<StoreErrorCode> */
  compact(): Promise<void>;
}
