import type { Clock, Millis } from '../../../base/clock.ts';
import type { StoredRecord } from '../engine.ts';
import { MAX_BYTES_OF_ALL, type WindowRoom } from './record-window.ts';

interface Chunk {
  /** Consecutive, at least one. */
  readonly records: readonly StoredRecord[];
  readonly bytes: number;
  readonly fetchedAt: Millis;
}

const MAX_BYTES = 4 * 1024 * 1024;
/** What the cluster dropped meanwhile is not given out much longer. */
const KEPT_MILLIS = 5000;

/**
 * What was fetched out of the middle of a log. The broker gives whole groups of records, of up to 1 MiB, and a reader takes less at a time:
 * what it leaves is here for its next turn. Beside the newest records (record-window.ts), in the same room.
 */
export class FetchedChunks {
  readonly #room: WindowRoom;
  readonly #clock: Clock;
  #chunks: readonly Chunk[] = [];
  #bytes = 0;

  constructor(room: WindowRoom, clock: Clock) {
    this.#room = room;
    this.#clock = clock;
  }

  at(offset: bigint): StoredRecord | undefined {
    const records = this.#chunkAt(offset)?.records ?? [];
    return records[Number(offset - (records[0]?.offset ?? offset))];
  }

  /** Behind the chunk that holds this offset, where nothing is held and there is room for more; else null. */
  missingBehind(offset: bigint): bigint | null {
    const last = this.#chunkAt(offset)?.records.at(-1);
    if (last === undefined || !this.hasRoom || this.#chunkAt(last.offset + 1n) !== undefined) return null;
    return last.offset + 1n;
  }

  /** Whether few read here at once, or at the same places. */
  get hasRoom(): boolean {
    this.#dropOld();
    return this.#bytes <= MAX_BYTES / 2 && this.#room.used <= MAX_BYTES_OF_ALL / 2;
  }

  /** Consecutive ones. The oldest chunks go when there are too many. */
  add(records: readonly StoredRecord[]): void {
    if (records.length === 0) return;
    const bytes = records.reduce((sum, { value }) => sum + value.length, 0);
    this.#chunks = [...this.#chunks, { records, bytes, fetchedAt: this.#clock.now() }];
    this.#count(bytes);
    this.#dropOld();
  }

  clear(): void {
    this.#count(-this.#bytes);
    this.#chunks = [];
  }

  #chunkAt(offset: bigint): Chunk | undefined {
    const least = this.#clock.now() - KEPT_MILLIS;
    return this.#chunks.find(({ records, fetchedAt }) => fetchedAt >= least && (records[0]?.offset ?? offset + 1n) <= offset && offset <= (records.at(-1)?.offset ?? -1n));
  }

  #dropOld(): void {
    const least = this.#clock.now() - KEPT_MILLIS;
    for (let [oldest] = this.#chunks; oldest !== undefined; [oldest] = this.#chunks) {
      if (oldest.fetchedAt >= least && this.#bytes <= MAX_BYTES && this.#room.used <= MAX_BYTES_OF_ALL) return;
      this.#chunks = this.#chunks.slice(1);
      this.#count(-oldest.bytes);
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#room.used += bytes;
  }
}
