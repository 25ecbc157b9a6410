import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../../base/errors.ts';
import type { FilePort } from '../../../base/files.ts';
import type { ReadLimits, StoredRecord } from '../engine.ts';
import { recordAt, recordLengthAt, RECORD_HEAD, RECORD_OVERHEAD } from './record-codec.ts';

/** A block of the index: so much of a file is looked through for one record. */
const BLOCK_BYTES = 16 * 1024;
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

interface Block {
  /** Number of its first record in the segment, and where that begins. */
  readonly index: number;
  readonly position: number;
  /** The latest of its records. */
  maxTime: number;
}

interface StoredIndex {
  readonly count: number;
  readonly bytes: number;
  readonly blocks: readonly (readonly [number, number, number])[];
}

/** A file of consecutive records and what is known of it: where each block of records begins, and its times. */
export class Segment {
  readonly base: bigint;
  readonly path: string;
  readonly indexPath: string;
  readonly #blocks: Block[] = [];
  #count = 0;
  #bytes = 0;

  constructor(folder: string, base: bigint) {
    this.base = base;
    const name = base.toString().padStart(20, '0');
    this.path = join(folder, `${name}.log`);
    this.indexPath = join(folder, `${name}.index`);
  }

  /** Offset behind its last record. */
  get next(): bigint {
    return this.base + BigInt(this.#count);
  }

  /** Bytes that hold whole records on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  get maxTime(): number {
    return this.#blocks.reduce((max, block) => Math.max(max, block.maxTime), 0);
  }

  /** A record of `length` bytes stands behind the others. */
  add(time: number, length: number): void {
    const last = this.#blocks.at(-1);
    if (last === undefined || this.#bytes - last.position >= BLOCK_BYTES) this.#blocks.push({ index: this.#count, position: this.#bytes, maxTime: time });
    else last.maxTime = Math.max(last.maxTime, time);
    this.#count += 1;
    this.#bytes += length;
  }

  /** Takes in every whole record that follows in its order. @returns where it stopped */
  scan(content: Buffer): number {
    for (let found = recordAt(content, this.#bytes); found?.record.offset === this.next; found = recordAt(content, this.#bytes)) {
      this.add(found.record.timeMillis, found.end - this.#bytes);
    }
    return this.#bytes;
  }

  async writeIndex(files: FilePort): Promise<void> {
    const index: StoredIndex = { count: this.#count, bytes: this.#bytes, blocks: this.#blocks.map(({ index, position, maxTime }) => [index, position, maxTime]) };
    await files.writeAtomic(this.indexPath, JSON.stringify(index));
  }

  /** @returns false when there is none for a file of so many bytes */
  async readIndex(files: FilePort, size: number): Promise<boolean> {
    try {
      const { count, bytes, blocks } = JSON.parse(Buffer.from(await files.read(this.indexPath, MAX_INDEX_BYTES)).toString('utf8')) as StoredIndex;
      if (bytes !== size) return false;
      this.#blocks.push(...blocks.map(([index, position, maxTime]) => ({ index, position, maxTime })));
      this.#count = count;
      this.#bytes = bytes;
      return true;
    } catch {
      return false; // it is made from the records
    }
  }

  /** @throws LOG_DAMAGED, and what the file system says when the file is gone */
  async read(from: bigint, { maxRecords, maxBytes }: ReadLimits): Promise<readonly StoredRecord[]> {
    const records: StoredRecord[] = [];
    let taken = 0;
    await this.#visit(this.#blockOf(Number(from - this.base)), Math.min(maxBytes, this.#bytes) + BLOCK_BYTES + RECORD_OVERHEAD, (record) => {
      if (record.offset < from) return true;
      if (records.length > 0 && (records.length >= maxRecords || taken + record.value.length > maxBytes)) return false;
      records.push(record);
      taken += record.value.length;
      return true;
    });
    return records;
  }

  /** Its first record at or after a time. */
  async offsetAt(time: number): Promise<bigint | undefined> {
    const block = this.#blocks.find(({ maxTime }) => maxTime >= time);
    let found: bigint | undefined;
    if (block !== undefined) {
      await this.#visit(block, BLOCK_BYTES * 2, (record) => {
        if (record.timeMillis >= time) found = record.offset;
        return found === undefined;
      });
    }
    return found;
  }

  #blockOf(index: number): Block | undefined {
    let low = 0;
    for (let high = this.#blocks.length - 1; low < high; ) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#blocks[middle]?.index ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return this.#blocks[low];
  }

  /** Records from a block on, until `take` has enough. */
  async #visit(block: Block | undefined, chunkBytes: number, take: (record: StoredRecord) => boolean): Promise<void> {
    const end = this.#bytes;
    const file = await open(this.path, 'r');
    try {
      let wanted = chunkBytes;
      for (let position = block?.position ?? 0; position < end; ) {
        const chunk = Buffer.allocUnsafe(Math.min(wanted, end - position));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
        if (bytesRead < chunk.length) throw this.#damaged(position);
        let at = 0;
        for (let found = recordAt(chunk, at); found !== undefined; found = recordAt(chunk, at)) {
          if (!take(found.record)) return;
          at = found.end;
        }
        const length = recordLengthAt(chunk, at);
        const rest = chunk.length - at;
        const isCut = length === undefined ? rest < RECORD_HEAD : length > rest; // it goes on behind the chunk
        if (position + at < end && (!isCut || position + chunk.length === end)) throw this.#damaged(position + at);
        wanted = Math.max(chunkBytes, length ?? 0);
        position += at;
      }
    } finally {
      await file.close();
    }
  }

  #damaged(position: number): CodedError {
    return new CodedError('LOG_DAMAGED', 'A file of this log is damaged.', { help: 'Bring it back from a copy, or move the folder of this stream away.', meta: { path: this.path, position } });
  }
}
