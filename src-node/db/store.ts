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
