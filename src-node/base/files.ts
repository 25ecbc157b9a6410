/**
 * The one door to the file system for writes that matter. Faults (full disk, no right) come out as coded errors with a
 * next step; tests pass a port that fails where they want.
 */
import { constants, open, mkdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { CodedError, isCoded, toCoded } from './errors.ts';
import type { Bytes } from './bytes.ts';

export type FileErrorCode = 'DISK_FULL' | 'NO_PERMISSION' | 'FILE_MISSING' | 'NOT_A_FILE' | 'READ_ONLY' | 'FILE_TOO_LARGE' | 'FILE_ERROR';

export interface WriteAtomicOptions {
  /** Default 0o600: only this user. */
  readonly mode?: number;
}

export interface FilePort {
  /** All of a file of at most `maxBytes`; no folder, device or pipe. @throws CodedError<FileErrorCode> */
  read(path: string, maxBytes: number): Promise<Bytes>;
  /** Write, fsync, rename, fsync of the folder: the old or the new content, never a part. @throws CodedError<FileErrorCode> */
  writeAtomic(path: string, content: Bytes | string, options?: WriteAtomicOptions): Promise<void>;
  /** Opens a file to write behind its first `length` bytes; what stands behind them is cut off, and a missing file begins. @throws CodedError<FileErrorCode> */
  openAppend(path: string, length: number): Promise<AppendFile>;
  /** @throws CodedError<FileErrorCode> */
  rename(from: string, to: string): Promise<void>;
  exists(path: string): Promise<boolean>;
}

export interface AppendFile {
  /** Bytes that are in it. */
  readonly length: number;
  /** Resolves when all of `content` is on disk; when it rejects nothing of it is there. @throws CodedError<FileErrorCode> */
  append(content: Bytes): Promise<void>;
  close(): Promise<void>;
}

const SQLITE_FULL = 13;

const MESSAGES: Readonly<Record<string, readonly [FileErrorCode, string, string]>> = {
  ENOSPC: ['DISK_FULL', 'The disk is full. Nothing was lost; the work stands where it stopped.', 'Free some space, then continue.'],
  EDQUOT: ['DISK_FULL', 'The disk quota is used up. Nothing was lost.', 'Free some space, then continue.'],
  EACCES: ['NO_PERMISSION', 'This file or folder may not be opened by the program.', 'Give your user the right to it, or choose another place.'],
  EPERM: ['NO_PERMISSION', 'This file or folder may not be changed by the program.', 'Give your user the right to it, or choose another place.'],
  EFBIG: ['FILE_TOO_LARGE', 'This disk cannot hold a file this large.', 'Choose a smaller file, or move the data of the program to another disk.'],
  EROFS: ['READ_ONLY', 'This place can only be read.', 'Choose a folder that can be written to.'],
  ENOENT: ['FILE_MISSING', 'The file is not there.', 'Check the path; it may have been moved.'],
};

/** A system error as a coded one; `path` goes to the details. */
export function fileError(error: unknown, path: string): CodedError {
  if (isCoded(error)) return error;
  const system = systemCode(error);
  const known = MESSAGES[system];
  const [code, message, help] = known ?? ['FILE_ERROR', `The file system refused (${system}).`, 'Check the disk, then try again.'];
  return new CodedError(code, message, { help, meta: { path, system }, cause: error });
}

/** Any thrown value as a coded error; a fault of the disk has its own name, whichever library met it. */
export function faultOf(error: unknown): CodedError {
  return systemCode(error) in MESSAGES ? fileError(error, '') : toCoded(error);
}

/** SQLite has numbers of its own; the IPFS block store keeps only the text of the system's error. */
function systemCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('errcode' in error && error.errcode === SQLITE_FULL) return 'ENOSPC';
  const inText = /\b(E[A-Z]{3,}): /.exec(error.message)?.[1];
  return 'code' in error && String(error.code) in MESSAGES ? String(error.code) : (inText ?? ('code' in error ? String(error.code) : 'unknown'));
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there; rename is journaled by NTFS
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeAtomic(path: string, content: Bytes | string, options: WriteAtomicOptions = {}): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    file = await open(temporary, 'wx', options.mode ?? 0o600);
    await file.writeFile(content);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, path);
  }
}

async function openAppend(path: string, wanted: number): Promise<AppendFile> {
  let file: FileHandle | undefined;
  try {
    // not the mode for appending: a file that is open in it cannot be made shorter everywhere
    file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const length = Math.min(wanted, (await file.stat()).size);
    await file.truncate(length);
    await syncFolder(dirname(path));
    return new SystemAppendFile(path, file, length);
  } catch (error) {
    await file?.close().catch(() => undefined);
    throw fileError(error, path);
  }
}

class SystemAppendFile implements AppendFile {
  readonly #path: string;
  readonly #file: FileHandle;
  length: number;

  constructor(path: string, file: FileHandle, length: number) {
    this.#path = path;
    this.#file = file;
    this.length = length;
  }

  async append(content: Bytes): Promise<void> {
    try {
      for (let done = 0; done < content.length; ) {
        const { bytesWritten } = await this.#file.write(content, done, content.length - done, this.length + done);
        done += bytesWritten;
      }
      await this.#file.datasync();
      this.length += content.length;
    } catch (error) {
      await this.#file.truncate(this.length).catch(() => undefined);
      throw fileError(error, this.#path);
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

export const systemFiles: FilePort = {
  async read(path, maxBytes) {
    try {
      const found = await stat(path);
      // a device may never end, and a pipe never begin
      if (!found.isFile()) throw new CodedError('NOT_A_FILE', 'This is not a file.', { help: 'Give the path of a single file.', meta: { path } });
      const { size } = found;
      if (size > maxBytes) {
        throw new CodedError('FILE_TOO_LARGE', `The file has ${size} bytes; at most ${maxBytes} are read here.`, { meta: { path, size, maxBytes } });
      }
      return await readFile(path);
    } catch (error) {
      throw fileError(error, path);
    }
  },
  writeAtomic,
  openAppend,
  async rename(from, to) {
    try {
      await rename(from, to);
    } catch (error) {
      throw fileError(error, from);
    }
  },
  async exists(path) {
    return stat(path).then(() => true, () => false);
  },
};
