/** Decrypts a fetched version into files, unit by unit verified. The files appear in their folder only when all of them are right. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { concat, hexOf, type Bytes } from '../../base/bytes.ts';
import { CodedError, invariant } from '../../base/errors.ts';
import { fileError } from '../../base/files.ts';
import { decodeTable, tableLength, type ContainerEntry } from './container.ts';
import { objectPath } from './fetcher.ts';
import type { Manifest } from './manifest.ts';
import type { PackagePool } from './pool.ts';

/** What a wrong delivery can be proven with (docs/protocol/11 §4.7). */
export interface ChunkFault {
  readonly kind: 'bad-key-leaf' | 'bad-unit';
  readonly chunk: number;
  readonly unit: number | null;
}

export interface OpenedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type OpenedVersion = { readonly files: readonly OpenedFile[] } | { readonly fault: ChunkFault };

export interface OpenOptions {
  readonly key: Bytes;
  /** Where the checked objects lie. */
  readonly objects: string;
  /** Where the files go; made when all is verified. */
  readonly target: string;
}

/** @throws DATA_UNAVAILABLE when an object is gone again, BAD_CONTAINER, DISK_FULL … */
export async function openVersion(manifest: Manifest, options: OpenOptions, modules: { readonly pool: PackagePool }, signal: AbortSignal, onChunk: (index: number) => void): Promise<OpenedVersion> {
  const draft = `${options.target}.part`;
  await rm(draft, { recursive: true, force: true });
  const writer = new ContainerWriter(draft);
  try {
    for (let index = 0; index < manifest.chunks.length; index += 1) {
      signal.throwIfAborted();
      const chunk = manifest.chunks[index];
      invariant(chunk, 'the index is below the count');
      const object = Uint8Array.from(await readObject(objectPath(options.objects, chunk), index));
      const result = await modules.pool.run({ kind: 'open', suite: manifest.suite.number, key: options.key, facts: chunk.facts, object, wanted: true }, [object.buffer]);
      if (result.kind === 'fault') {
        if (result.fault === 'object') throw gone(index);
        return { fault: { kind: result.fault === 'unit' ? 'bad-unit' : 'bad-key-leaf', chunk: index, unit: result.unit } };
      }
      invariant(result.kind === 'opened' && result.plain !== null, 'an open task opens');
      await writer.write(result.plain);
      onChunk(index);
    }
    const files = writer.finish();
    await rm(options.target, { recursive: true, force: true });
    await rename(draft, options.target);
    return { files };
  } catch (error) {
    throw fileError(error, options.target);
  } finally {
    await writer.abandon();
    await rm(draft, { recursive: true, force: true });
  }
}

async function readObject(path: string, index: number): Promise<Bytes> {
  return readFile(path).catch(() => {
    throw gone(index);
  });
}

function gone(index: number): CodedError {
  return new CodedError('DATA_UNAVAILABLE', `Chunk ${index} of your copy is gone or was changed on disk.`, { help: 'It is fetched again from the listing’s places.', meta: { reason: 'copy', index } });
}

/** Takes the container's bytes in order and writes the files of its table. */
class ContainerWriter {
  readonly #folder: string;
  #head: Bytes = new Uint8Array(0);
  #entries: readonly ContainerEntry[] | null = null;
  #current: { readonly file: FileHandle; readonly entry: ContainerEntry; readonly hash: ReturnType<typeof createHash>; left: number } | null = null;
  #next = 0;
  readonly #done: OpenedFile[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(bytes: Bytes): Promise<void> {
    let rest = bytes;
    if (this.#entries === null) {
      this.#head = concat(this.#head, bytes);
      const length = tableLength(this.#head);
      if (this.#head.length < length) return;
      this.#entries = decodeTable(this.#head.subarray(0, length));
      rest = this.#head.subarray(length);
      await this.#openNext();
    }
    while (rest.length > 0) {
      const current = this.#current;
      if (current === null) throw badEnd();
      const part = rest.subarray(0, Math.min(current.left, rest.length));
      await current.file.writeFile(part);
      current.hash.update(part);
      current.left -= part.length;
      rest = rest.subarray(part.length);
      if (current.left === 0) await this.#openNext();
    }
  }

  finish(): readonly OpenedFile[] {
    if (this.#entries === null || this.#current !== null) throw badEnd();
    return this.#done;
  }

  async abandon(): Promise<void> {
    await this.#current?.file.close();
    this.#current = null;
  }

  /** Closes the full file and opens the next one; empty files pass at once. */
  async #openNext(): Promise<void> {
    for (;;) {
      if (this.#current !== null) {
        const { file, entry, hash } = this.#current;
        await file.sync();
        await file.close();
        this.#current = null;
        this.#done.push({ path: entry.path, bytes: entry.size, sha256: hexOf(hash.digest()) });
      }
      const entry = this.#entries?.[this.#next++];
      if (entry === undefined) return;
      const path = join(this.#folder, entry.path);
      await mkdir(dirname(path), { recursive: true });
      this.#current = { file: await open(path, 'wx', 0o600), entry, hash: createHash('sha256'), left: entry.size };
      if (entry.size > 0) return;
    }
  }
}

function badEnd(): CodedError {
  return new CodedError('BAD_CONTAINER', 'The data opened, but its files are longer or shorter than its own table says.', { help: 'Every byte is what the seller committed to; write to the seller.', meta: { reason: 'length' } });
}

/** Whether the folder of an earlier run is there. */
export async function isOpened(target: string): Promise<boolean> {
  return stat(target).then((found) => found.isDirectory(), () => false);
}
