/**
 * Entries in their order, on disk before `append` returns, in files of some megabytes that are deleted whole when nobody needs
 * their entries. Each file begins with a note of its owner, so that what the deleted ones said of the whole is not lost.
 * File: "PDJ1" ‖ note ‖ entries; each as u32 length ‖ u32 CRC-32 ‖ bytes.
 */
import { open, mkdir, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { concat, u32be, utf8, type Bytes } from '../../base/bytes.ts';
import { CodedError, invariant } from '../../base/errors.ts';
import type { AppendFile, FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';

export interface JournalOptions {
  readonly folder: string;
  /** A file whose entries are longer gets a successor. */
  readonly fileBytes: number;
}

export interface JournalModules {
  readonly files: FilePort;
  readonly log: Logger;
}

export interface JournalEntry {
  /** Counts from 0, over all files that ever were. */
  readonly number: number;
  readonly bytes: Bytes;
}

interface JournalFile {
  readonly path: string;
  readonly first: number;
  /** Where the frame of each entry begins. */
  readonly offsets: number[];
  /** Of what stands before the first entry. */
  readonly headLength: number;
  length: number;
}

interface Waiting {
  readonly entries: readonly Bytes[];
  readonly written: (first: number) => void;
  readonly failed: (error: unknown) => void;
}

const MAGIC = utf8('PDJ1');
const FRAME_HEAD = 8;
const MAX_ENTRY_BYTES = 4 * 1024 * 1024;
const NAME = /^(\d{16})\.journal$/;

export class Journal {
  readonly #options: JournalOptions;
  readonly #modules: JournalModules;
  readonly #note: () => Bytes;
  #files: JournalFile[] = [];
  #file: AppendFile | undefined;
  #reader: { readonly path: string; readonly handle: FileHandle } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(options: JournalOptions, modules: JournalModules, note: () => Bytes) {
    this.#options = options;
    this.#modules = modules;
    this.#note = note;
  }

  /**
   * @param note what the next file begins with, asked for when it begins
   * @param onFound told of the note of the oldest file, then of every whole entry, in order
   * @throws CodedError<FileErrorCode>
   */
  static async open(options: JournalOptions, modules: JournalModules, note: () => Bytes, onFound: { readonly note: (bytes: Bytes) => void; readonly entry: (entry: JournalEntry) => void }): Promise<Journal> {
    const journal = new Journal(options, modules, note);
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(options.folder)).filter((name) => NAME.test(name)).sort();
    for (const [index, name] of names.entries()) await journal.#load(name, index === 0, index === names.length - 1, onFound);
    const last = journal.#files.at(-1);
    if (last !== undefined) journal.#file = await modules.files.openAppend(last.path, last.length);
    return journal;
  }

  /** Number that the next entry gets. */
  get next(): number {
    const last = this.#files.at(-1);
    return last === undefined ? 0 : last.first + last.offsets.length;
  }

  /** Of the entries on disk. */
  get bytes(): number {
    return this.#files.reduce((sum, { length, headLength }) => sum + length - headLength, 0);
  }

  /** Number of the oldest entry that is kept. */
  get first(): number {
    return this.#files[0]?.first ?? 0;
  }

  /**
   * All of them or none; calls during a write share the next one.
   * @param onWritten told the number of the first at once, before any note is asked for that has to know of them
   * @throws CodedError<FileErrorCode>
   */
  append(entries: readonly Bytes[], onWritten: (first: number) => void = () => undefined): Promise<void> {
    return new Promise((resolve, failed) => {
      const written = (first: number): void => {
        onWritten(first);
        resolve();
      };
      this.#waiting.push({ entries, written, failed });
      this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
    });
  }

  /** From `from` (or the oldest that is kept) up to `maxBytes`, at least one if there is one; damaged ones are left out. */
  read(from: number, maxBytes: number): Promise<readonly JournalEntry[]> {
    return this.#inTurn(() => this.#read(from, maxBytes));
  }

  /** Deletes the files all of whose entries are older; the newest stays. */
  dropBefore(number: number): Promise<void> {
    return this.#inTurn(() => this.#dropBefore(number));
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#inTurn(() => this.#closeReader());
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Readings share one open file. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined); // told to whoever called
    return mine;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        const { file, journalFile } = await this.#newest();
        const frames = waiting.flatMap(({ entries }) => entries.map(frameOf));
        await file.append(concat(...frames));
        let number = journalFile.first + journalFile.offsets.length;
        for (const frame of frames) {
          journalFile.offsets.push(journalFile.length);
          journalFile.length += frame.length;
        }
        for (const { entries, written } of waiting) {
          written(number);
          number += entries.length;
        }
      } catch (error) {
        for (const { failed } of waiting) failed(error);
      }
    }
  }

  async #newest(): Promise<{ readonly file: AppendFile; readonly journalFile: JournalFile }> {
    const last = this.#files.at(-1);
    if (this.#file !== undefined && last !== undefined && last.length - last.headLength < this.#options.fileBytes) return { file: this.#file, journalFile: last };
    const first = this.next;
    const path = join(this.#options.folder, `${String(first).padStart(16, '0')}.journal`);
    const head = concat(MAGIC, frameOf(this.#note()));
    await this.#modules.files.writeAtomic(path, head);
    const file = await this.#modules.files.openAppend(path, head.length);
    await this.#file?.close();
    this.#file = file;
    const journalFile = { path, first, offsets: [], headLength: head.length, length: head.length };
    this.#files.push(journalFile);
    return { file, journalFile };
  }

  async #read(from: number, maxBytes: number): Promise<readonly JournalEntry[]> {
    const found: JournalEntry[] = [];
    let left = maxBytes;
    for (const file of [...this.#files]) {
      const at = Math.max(0, from - file.first);
      const start = file.offsets[at];
      if (start === undefined) continue;
      let end = at + 1;
      while (end < file.offsets.length && (file.offsets[end + 1] ?? file.length) - start <= left) end++;
      const stop = file.offsets[end] ?? file.length;
      if (found.length > 0 && stop - start > left) break;
      const content = await this.#readRange(file, start, stop);
      for (let i = at; i < end; i++) {
        const frame = frameAt(content, (file.offsets[i] ?? 0) - start);
        if (frame !== 'torn' && frame.bytes !== null) found.push({ number: file.first + i, bytes: frame.bytes });
      }
      left -= stop - start;
      if (left <= 0 || end < file.offsets.length) break;
    }
    return found;
  }

  async #dropBefore(number: number): Promise<void> {
    while (this.#files.length > 1) {
      const [oldest, second] = this.#files;
      if (oldest === undefined || second === undefined || second.first > number) return;
      this.#files.shift();
      if (this.#reader?.path === oldest.path) await this.#closeReader();
      await rm(oldest.path, { force: true });
    }
  }

  async #readRange(file: JournalFile, start: number, stop: number): Promise<Bytes> {
    if (this.#reader?.path !== file.path) {
      await this.#closeReader();
      this.#reader = { path: file.path, handle: await open(file.path, 'r') };
    }
    const content = new Uint8Array(stop - start);
    await this.#reader.handle.read(content, 0, content.length, start);
    return content;
  }

  async #closeReader(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.handle.close();
  }

  async #load(name: string, isOldest: boolean, isNewest: boolean, onFound: { readonly note: (bytes: Bytes) => void; readonly entry: (entry: JournalEntry) => void }): Promise<void> {
    const path = join(this.#options.folder, name);
    const content = await this.#modules.files.read(path, this.#options.fileBytes + 64 * MAX_ENTRY_BYTES);
    const first = Number(NAME.exec(name)?.[1]);
    const note = frameAt(content, MAGIC.length);
    if (note === 'torn' || note.bytes === null) throw new CodedError('JOURNAL_DAMAGED', 'What was kept on disk to be sent is damaged at its beginning.', { help: 'Check the disk; the file was left as it is.', meta: { path } });
    if (isOldest) onFound.note(note.bytes);
    const file: JournalFile = { path, first, offsets: [], headLength: note.end, length: note.end };
    while (file.length < content.length) {
      const frame = frameAt(content, file.length);
      if (frame === 'torn') break;
      if (frame.bytes === null) this.#modules.log.error('An entry that was kept on disk to be sent is damaged and lost', { path, offset: file.length });
      else onFound.entry({ number: first + file.offsets.length, bytes: frame.bytes });
      file.offsets.push(file.length);
      file.length = frame.end;
    }
    const lost = content.length - file.length;
    // nobody was told that an entry is kept whose write was broken off
    if (lost > 0) this.#modules.log[isNewest ? 'info' : 'error']('The last entry of a journal was not written to its end', { path, bytes: lost });
    this.#files.push(file);
  }
}

function frameOf(bytes: Bytes): Bytes {
  invariant(bytes.length > 0 && bytes.length <= MAX_ENTRY_BYTES, 'an entry has its bounds');
  return concat(u32be(bytes.length), u32be(crc32(bytes)), bytes);
}

/** `torn` when no whole entry stands there; bytes null when it is whole and damaged. */
function frameAt(content: Bytes, offset: number): 'torn' | { readonly bytes: Bytes | null; readonly end: number } {
  if (offset + FRAME_HEAD > content.length) return 'torn';
  const head = new DataView(content.buffer, content.byteOffset + offset);
  const length = head.getUint32(0);
  const end = offset + FRAME_HEAD + length;
  if (length === 0 || length > MAX_ENTRY_BYTES || end > content.length) return 'torn';
  const bytes = content.subarray(offset + FRAME_HEAD, end);
  return { bytes: crc32(bytes) === head.getUint32(4) ? bytes : null, end };
}
