import type { StoredRecord } from '../engine.ts';

/** Bytes that the windows and chunks of all logs hold together. */
export interface WindowRoom {
  used: number;
}

const MAX_BYTES = 4 * 1024 * 1024;
export const MAX_BYTES_OF_ALL = 64 * 1024 * 1024;

/** The newest records of a log: many readers at its end need one answer of the broker. */
export class RecordWindow {
  readonly #room: WindowRoom;
  #records: StoredRecord[] = [];
  /** Before it they are dropped already. */
  #head = 0;
  #bytes = 0;

  constructor(room: WindowRoom) {
    this.#room = room;
  }

  at(offset: bigint): StoredRecord | undefined {
    const first = this.#records[this.#head];
    return first === undefined || offset < first.offset ? undefined : this.#records[this.#head + Number(offset - first.offset)];
  }

  /** Consecutive records that reach the end of the log; those that do not follow on what is here take its place. */
  add(records: readonly StoredRecord[]): void {
    const end = this.#records.at(-1);
    const from = records[0];
    if (from === undefined) return;
    if (end !== undefined && from.offset > end.offset + 1n) this.clear();
    for (const record of records) {
      if (end !== undefined && this.#records.length > 0 && record.offset <= end.offset) continue;
      this.#records.push(record);
      this.#count(record.value.length);
    }
    this.#trim();
  }

  clear(): void {
    this.#count(-this.#bytes);
    this.#records = [];
    this.#head = 0;
  }

  #trim(): void {
    while (this.#head < this.#records.length && (this.#bytes > MAX_BYTES || this.#room.used > MAX_BYTES_OF_ALL)) {
      this.#count(-(this.#records[this.#head]?.value.length ?? 0));
      this.#head += 1;
    }
    if (this.#head * 2 < this.#records.length) return;
    this.#records = this.#records.slice(this.#head);
    this.#head = 0;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#room.used += bytes;
  }
}
