/** Files of the browser on their way to this computer. What has arrived stays until a draft is made of it or it is thrown away. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../base/errors.ts';
import type { DraftStore } from './draft-store.ts';

/** A file as the browser names it: the same three say that it is the same file, unchanged. */
export interface AnnouncedFile {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

export interface Upload extends AnnouncedFile {
  readonly id: string;
  readonly arrived: number;
}

export interface UploadsModules {
  readonly store: Pick<DraftStore, 'announceUpload' | 'upload' | 'uploads' | 'forgetUpload'>;
  readonly freeBytes: (folder: string) => Promise<number>;
}

/** 16 TiB. */
export const MAX_FILE_BYTES = 2 ** 44;

export class Uploads {
  readonly #folder: string;
  readonly #modules: UploadsModules;

  constructor(options: { readonly folder: string }, modules: UploadsModules) {
    this.#folder = options.folder;
    this.#modules = modules;
  }

  /** A new upload, or the interrupted one of the same file. @throws FILE_EMPTY, FILE_TOO_LARGE, DISK_FULL */
  async begin(file: AnnouncedFile): Promise<Upload> {
    const { store, freeBytes } = this.#modules;
    if (file.bytes === 0) throw emptyFile();
    if (file.bytes > MAX_FILE_BYTES) throw new CodedError('FILE_TOO_LARGE', 'The file is larger than the program can sell in one piece.', { help: 'Divide it into parts.', meta: { bytes: file.bytes, most: MAX_FILE_BYTES } });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const begun = (await this.list()).find(({ name, bytes, modified }) => name === file.name && bytes === file.bytes && modified === file.modified);
    const free = await freeBytes(this.#folder);
    const missing = file.bytes - (begun?.arrived ?? 0);
    if (missing > free) throw new CodedError('DISK_FULL', 'The disk has too little room for this file.', { help: 'Free some space, then choose it again.', meta: { bytes: missing, free } });
    if (begun !== undefined) return begun;
    const id = randomUUID();
    store.announceUpload(id, file);
    return { ...file, id, arrived: 0 };
  }

  list(): Promise<readonly Upload[]> {
    return Promise.all(this.#modules.store.uploads().map(async (upload) => ({ ...upload, arrived: await this.#arrived(upload.id) })));
  }

  target(id: string): { readonly path: string; readonly bytes: number } {
    return { path: this.#pathOf(id), bytes: this.#modules.store.upload(id).bytes };
  }

  /** @throws UPLOAD_INCOMPLETE, UPLOAD_UNKNOWN */
  async whole(id: string): Promise<{ readonly path: string; readonly name: string }> {
    const { name, bytes } = this.#modules.store.upload(id);
    const arrived = await this.#arrived(id);
    if (arrived !== bytes) throw new CodedError('UPLOAD_INCOMPLETE', 'Not all of the file has arrived yet.', { help: 'The upload goes on where it stopped.', meta: { offset: arrived, bytes } });
    return { path: this.#pathOf(id), name };
  }

  /** Its bytes belong to a draft now. */
  handOver(id: string): void {
    this.#modules.store.forgetUpload(id);
  }

  /** Throws away what has arrived. */
  async discard(id: string): Promise<void> {
    this.#modules.store.upload(id);
    await rm(this.#pathOf(id), { force: true });
    this.#modules.store.forgetUpload(id);
  }

  /** The copy of a file that the browser brought; a file that lies elsewhere is the user's own and stays. */
  async discardCopy(path: string): Promise<void> {
    if (path.startsWith(this.#pathOf(''))) await rm(path, { force: true });
  }

  #arrived(id: string): Promise<number> {
    return stat(this.#pathOf(id)).then(({ size }) => size, () => 0);
  }

  #pathOf(id: string): string {
    return join(this.#folder, id);
  }
}

export function emptyFile(): CodedError {
  return new CodedError('FILE_EMPTY', 'The file is empty: there is nothing to sell.', { help: 'Choose another file.' });
}
