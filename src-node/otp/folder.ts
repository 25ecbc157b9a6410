/** Objects as files of one folder. Only this machine can serve them. */
import { join } from 'node:path';
import type { Bytes } from '../base/bytes.ts';
import { CodedError, isCoded } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';
import type { Connector, ConnectorTest, ObjectLocator } from './connector.ts';
import { probe } from './probe.ts';

const NAME = /^[0-9a-f]{64}$/;

export class FolderConnector implements Connector<'folder'> {
  readonly scheme = 'folder';
  readonly #folder: string;
  readonly #files: FilePort;

  constructor(options: { readonly folder: string }, modules: { readonly files: FilePort }) {
    this.#folder = options.folder;
    this.#files = modules.files;
  }

  async put(name: string, object: Bytes): Promise<Extract<ObjectLocator, { scheme: 'folder' }>> {
    await this.#files.writeAtomic(this.#pathOf(name), object);
    return { otp: 1, scheme: 'folder', where: { object: name }, access: 'public' };
  }

  async get(locator: ObjectLocator, maxBytes: number): Promise<Bytes> {
    if (locator.scheme !== 'folder') throw new CodedError('BAD_LOCATOR', 'This address does not belong to a folder.');
    try {
      return await this.#files.read(this.#pathOf(locator.where.object), maxBytes);
    } catch (error) {
      if (isCoded(error, 'FILE_TOO_LARGE')) throw new CodedError('OBJECT_TOO_LARGE', 'The stored object is larger than it may be.', { cause: error });
      throw new CodedError('OBJECT_MISSING', 'The object is not in this folder.', { help: 'Bring the folder back, or use the other place.', cause: error });
    }
  }

  test(): Promise<ConnectorTest> {
    return probe(this);
  }

  /** Two levels, so that no folder grows to 100,000 entries. */
  #pathOf(name: string): string {
    if (!NAME.test(name)) throw new CodedError('BAD_LOCATOR', 'The object name is not 64 hex digits.');
    return join(this.#folder, name.slice(0, 2), name);
  }
}
