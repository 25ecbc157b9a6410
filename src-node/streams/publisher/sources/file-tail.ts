/**
 * Rows that a program appends to a CSV or JSONL file. Where it stands is kept with each row, so that after a kill it goes on with the
 * next one. A renamed file is read to its end before the new one of its name; one that was cut short is read from its beginning.
 */
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hexOf, type Bytes } from '../../../base/bytes.ts';
import type { Clock, Millis } from '../../../base/clock.ts';
import { CsvRecords } from '../../../base/csv.ts';
import { isCoded, type CodedError } from '../../../base/errors.ts';
import { fileError } from '../../../base/files.ts';
import type { Logger } from '../../../base/logger.ts';
import { sha256 } from '../../../crypto/hash.ts';
import { readCsvRow, readJsonRow, type Row } from '../schema.ts';
import type { IncomingRow, RowSink } from '../source.ts';

export interface FileTailOptions {
  readonly path: string;
  readonly format: 'csv' | 'jsonl';
  readonly pollMillis: Millis;
}

export interface FileTailModules {
  readonly sink: RowSink;
  readonly clock: Clock;
  readonly log: Logger;
  /** A line that does not fit the columns; it is passed over. `row` of its meta counts the lines of the file from 1. */
  readonly onRefused: (error: CodedError) => void;
}

/** Where reading stands. A file is known by its number and its first bytes, since numbers are given anew. */
interface Position {
  readonly fileId: string;
  readonly offset: number;
  readonly lines: number;
  readonly headBytes: number;
  readonly headHash: string;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly fileId: string;
  /** Behind the last whole line. */
  offset: number;
  lines: number;
  header: readonly string[] | null;
  records: CsvRecords;
}

const HEAD_BYTES = 256;
const CHUNK_BYTES = 256 * 1024;
/** A longer line is none. */
const MAX_LINE_BYTES = 1024 * 1024;
const NEW_LINE = 10;

export class FileTail {
  readonly #options: FileTailOptions;
  readonly #modules: FileTailModules;
  readonly #source: string;

  constructor(options: FileTailOptions, modules: FileTailModules) {
    this.#options = options;
    this.#modules = modules;
    this.#source = `tail:${hexOf(sha256(Buffer.from(options.path))).slice(0, 16)}`;
  }

  /** Follows the file until `signal` aborts; one that is not there yet is waited for. @throws CodedError<FileErrorCode> */
  async run(signal: AbortSignal): Promise<void> {
    let file = await this.#resume();
    try {
      while (!signal.aborted) {
        if (file === null) file = await this.#openAt(this.#options.path, null);
        else if (!(await this.#readOn(file, signal))) file = await this.#next(file, signal);
        else continue;
        await this.#modules.clock.sleep(this.#options.pollMillis, signal);
      }
    } finally {
      await file?.handle.close();
    }
  }

  /** The file of the last row, under whatever name it stands in its folder now. */
  async #resume(): Promise<OpenFile | null> {
    const position = parsePosition(this.#modules.sink.recent(this.#source).at(-1));
    if (position === null) return null;
    const { path } = this.#options;
    const names = await readdir(dirname(path)).catch(() => []);
    const candidates = names.filter((name) => name.startsWith(basename(path))).sort((a, b) => a.length - b.length);
    for (const name of candidates) {
      const file = await this.#openAt(join(dirname(path), name), position);
      if (file !== null) return file;
    }
    this.#modules.log.warn('the file that was read last is gone; what stood in it unread is lost', { source: this.#source });
    return null;
  }

  /** At the position, or at the beginning. @returns null when it is not there, or is not the file of the position */
  async #openAt(path: string, position: Position | null): Promise<OpenFile | null> {
    const handle = await open(path, 'r').catch((error: unknown) => {
      const coded = fileError(error, path);
      if (isCoded(coded, 'FILE_MISSING')) return null;
      throw coded;
    });
    if (handle === null) return null;
    const fileId = await fileIdOf(handle);
    if (position !== null && (fileId !== position.fileId || (await headHash(handle, position.headBytes)) !== position.headHash)) {
      await handle.close();
      return null;
    }
    const file: OpenFile = { handle, fileId, offset: 0, lines: 0, header: null, records: new CsvRecords(',') };
    if (position !== null) {
      if (this.#options.format === 'csv') await this.#readHeader(file);
      file.offset = position.offset;
      file.lines = position.lines;
    }
    return file;
  }

  async #readHeader(file: OpenFile): Promise<void> {
    const head = await readAt(file.handle, 0, MAX_LINE_BYTES);
    for (const { line } of linesOf(head, false)) {
      file.header = file.records.take(line);
      if (file.header !== null) return;
    }
  }

  /** One piece. @returns whether there was something to read */
  async #readOn(file: OpenFile, signal: AbortSignal, isLast = false): Promise<boolean> {
    let content = await readAt(file.handle, file.offset, CHUNK_BYTES);
    if (content.length === CHUNK_BYTES && !content.includes(NEW_LINE)) content = await readAt(file.handle, file.offset, MAX_LINE_BYTES);
    const lines = [...linesOf(content, isLast || content.length === MAX_LINE_BYTES)];
    if (lines.length === 0) return false;
    const head = { headBytes: Math.min(HEAD_BYTES, file.offset + (lines.at(-1)?.end ?? 0)), headHash: '' };
    head.headHash = await headHash(file.handle, head.headBytes);
    const start = file.offset;
    const rows: IncomingRow[] = [];
    for (const { line, end } of lines) {
      file.lines += 1;
      const row = this.#rowOf(file, line);
      if (!file.records.isOpen) file.offset = start + end;
      if (row !== null) rows.push({ row, token: formatPosition({ fileId: file.fileId, offset: file.offset, lines: file.lines, ...head }), timeMillis: this.#modules.clock.now() });
    }
    if (file.records.isOpen) {
      // the record goes on in lines that are not there yet: it is read again from its beginning
      file.lines -= lines.filter(({ end }) => start + end > file.offset).length;
      file.records = new CsvRecords(',');
    }
    await this.#accept(rows, signal);
    return file.offset > start;
  }

  #rowOf(file: OpenFile, line: string): Row | null {
    const { sink, onRefused } = this.#modules;
    try {
      if (this.#options.format === 'jsonl') return line.trim() === '' ? null : readJsonRow(sink.schema, line, file.lines);
      if (line === '' && !file.records.isOpen) return null;
      const fields = file.records.take(line);
      if (fields === null) return null;
      if (file.header !== null) return readCsvRow(sink.schema, file.header, fields, file.lines);
      file.header = fields;
      return null;
    } catch (error) {
      if (!isCoded(error, 'BAD_ROW')) throw error;
      onRefused(error);
      return null;
    }
  }

  async #accept(rows: readonly IncomingRow[], signal: AbortSignal): Promise<void> {
    while (rows.length > 0 && !signal.aborted) {
      try {
        return await this.#modules.sink.accept(this.#source, rows);
      } catch (error) {
        if (!isCoded(error, 'SPOOL_FULL')) throw error;
        await this.#modules.sink.room(signal);
      }
    }
  }

  /** After all that is there was read: the same file, its beginning when it was cut short, or the new one of its name. */
  async #next(file: OpenFile, signal: AbortSignal): Promise<OpenFile | null> {
    const { path } = this.#options;
    const found = await stat(path, { bigint: true }).catch(() => null);
    if (found !== null && idOf(found) === file.fileId) {
      const position = parsePosition(this.#modules.sink.recent(this.#source).at(-1));
      const isSame = position?.fileId !== file.fileId || (await headHash(file.handle, position.headBytes)) === position.headHash;
      if (Number(found.size) >= file.offset && isSame) return file;
      this.#modules.log.info('the file was cut short; it is read from its beginning', { source: this.#source });
    } else {
      // its writer may have had it open a moment longer; a last line without an end is all there will be
      while (await this.#readOn(file, signal));
      if (found === null) return file;
      await this.#readOn(file, signal, true);
    }
    const next = await this.#openAt(path, null);
    if (next !== null) await file.handle.close();
    return next ?? file;
  }
}

/** Lines with where each ends; the bytes behind the last line end are one too when `whole`. */
function* linesOf(content: Bytes, whole: boolean): Generator<{ readonly line: string; readonly end: number }> {
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  let start = 0;
  for (let end = buffer.indexOf(NEW_LINE); end >= 0; end = buffer.indexOf(NEW_LINE, start)) {
    yield { line: buffer.toString('utf8', start, end).replace(/\r$/, ''), end: end + 1 };
    start = end + 1;
  }
  if (whole && start < buffer.length) yield { line: buffer.toString('utf8', start), end: buffer.length };
}

async function readAt(handle: FileHandle, offset: number, maxBytes: number): Promise<Bytes> {
  const content = new Uint8Array(maxBytes);
  const { bytesRead } = await handle.read(content, 0, maxBytes, offset);
  return content.subarray(0, bytesRead);
}

async function headHash(handle: FileHandle, headBytes: number): Promise<string> {
  return hexOf(sha256(await readAt(handle, 0, headBytes))).slice(0, 16);
}

async function fileIdOf(handle: FileHandle): Promise<string> {
  return idOf(await handle.stat({ bigint: true }));
}

function idOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev.toString(36)}.${ino.toString(36)}`;
}

function formatPosition({ fileId, offset, lines, headBytes, headHash: hash }: Position): string {
  return [fileId, offset, lines, headBytes, hash].join(':');
}

function parsePosition(token: string | undefined): Position | null {
  if (token === undefined) return null;
  const [fileId = '', offset, lines, headBytes, hash = ''] = token.split(':');
  return { fileId, offset: Number(offset), lines: Number(lines), headBytes: Number(headBytes), headHash: hash };
}
