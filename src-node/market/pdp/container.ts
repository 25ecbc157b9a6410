/**
 * The byte stream that is cut into chunks: u32 tableLen ‖ canonical JSON [{path, size, mode, mtime}] ‖ the files' bytes
 * (docs/protocol/11 §4.5). Never empty, also for an empty file: the table comes first.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalJson } from '../../base/canonical-json.ts';
import { concat, u32be, utf8, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { fileError } from '../../base/files.ts';
import { isSafePath } from './safe-path.ts';

const MAX_TABLE_BYTES = 256 * 1024 * 1024;

const entrySchema = z.object({
  path: z.string().min(1).max(1024).refine(isSafePath, 'leaves the folder'),
  size: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  mode: z.number().int().min(0).max(0o777),
  /** Seconds since the epoch. */
  mtime: z.number().int().nonnegative(),
});
export type ContainerEntry = z.infer<typeof entrySchema>;
const tableSchema = z.array(entrySchema).min(1).max(1_000_000);

export function encodeTable(entries: readonly ContainerEntry[]): Bytes {
  const json = utf8(canonicalJson(entries.map(({ path, size, mode, mtime }) => ({ path, size, mode, mtime }))));
  return concat(u32be(json.length), json);
}

/** Bytes of the table with its length, known from the first four bytes. @throws BAD_CONTAINER */
export function tableLength(head: Bytes): number {
  const length = head.length < 4 ? 0 : new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (length < 2 || length > MAX_TABLE_BYTES) throw badContainer('its file table has an impossible length');
  return 4 + length;
}

/** @throws BAD_CONTAINER */
export function decodeTable(table: Bytes): readonly ContainerEntry[] {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(table.subarray(4)).toString('utf8'));
  } catch (error) {
    throw badContainer('its file table is not JSON', error);
  }
  const parsed = tableSchema.safeParse(json);
  if (!parsed.success) throw badContainer(`its file table is wrong at ${parsed.error.issues[0]?.path.join('.') ?? 'the top'}`);
  if (new Set(parsed.data.map(({ path }) => path.normalize('NFC').toLowerCase())).size !== parsed.data.length) throw badContainer('two of its files have one name');
  return parsed.data;
}

function badContainer(why: string, cause?: unknown): CodedError {
  return new CodedError('BAD_CONTAINER', `The data opened, but it is not a package of files: ${why}.`, { help: 'Nothing was written outside the order folder. Write to the seller; the raw bytes are kept.', meta: { why }, cause });
}

/** Random access to the container over one file, so that any chunk can be read again after a stop. */
export class FileContainer {
  readonly #table: Bytes;
  readonly #file: FileHandle;
  readonly #entry: ContainerEntry;
  readonly #path: string;

  private constructor(file: FileHandle, entry: ContainerEntry, path: string) {
    this.#file = file;
    this.#entry = entry;
    this.#path = path;
    this.#table = encodeTable([entry]);
  }

  /** @throws FileErrorCode, FILE_EMPTY */
  static async open(path: string, name: string): Promise<FileContainer> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'r');
      const { size, mtimeMs } = await file.stat();
      if (size === 0) throw new CodedError('FILE_EMPTY', 'The file is empty: there is nothing to sell.', { help: 'Choose another file.' });
      return new FileContainer(file, { path: name, size, mode: 0o644, mtime: Math.floor(mtimeMs / 1000) }, path);
    } catch (error) {
      await file?.close();
      throw fileError(error, path);
    }
  }

  get entry(): ContainerEntry {
    return this.#entry;
  }

  get totalBytes(): number {
    return this.#table.length + this.#entry.size;
  }

  /** `length` bytes from `start`, in memory of their own. @throws SOURCE_CHANGED when the file became shorter */
  async read(start: number, length: number): Promise<Bytes> {
    const out = new Uint8Array(length);
    const fromTable = start < this.#table.length ? this.#table.subarray(start, start + length) : new Uint8Array(0);
    out.set(fromTable);
    for (let at = fromTable.length; at < length; ) {
      const { bytesRead } = await this.#file.read(out, at, length - at, start + at - this.#table.length).catch((error: unknown) => {
        throw fileError(error, this.#path);
      });
      if (bytesRead === 0) throw sourceChanged();
      at += bytesRead;
    }
    return out;
  }

  /** @throws SOURCE_CHANGED when the file is not the one that was opened any more */
  async assertUnchanged(): Promise<void> {
    const { size, mtimeMs } = await this.#file.stat();
    if (size !== this.#entry.size || Math.floor(mtimeMs / 1000) !== this.#entry.mtime) throw sourceChanged();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function sourceChanged(): CodedError {
  return new CodedError('SOURCE_CHANGED', 'The file changed while it was being packed.', { help: 'Packing starts anew with the file as it is now.' });
}
