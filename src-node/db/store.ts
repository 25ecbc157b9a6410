/** What a key-value store offers. Reads are synchronous (they sit on the hot path of execution), writes go in atomic batches. */
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
  batch(): WriteBatch;
  close(): Promise<void>;
}
