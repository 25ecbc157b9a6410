/** Passwords of brokers on disk, encrypted to the wallet, so that none stands in settings or in a database. */
import { join } from 'node:path';
import { z } from 'zod';
import type { Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';
import { openBox, sealBox } from './secret-box.ts';

const MAX_BOX_BYTES = 2_000_000;
const MAX_SECRETS = 1000;
const boxSchema = z.array(z.object({ name: z.string(), secret: z.string() }));

export class SecretStore {
  readonly #path: string;
  readonly #files: FilePort;

  constructor(options: { readonly folder: string }, modules: { readonly files: FilePort }) {
    this.#path = join(options.folder, 'secrets.box');
    this.#files = modules.files;
  }

  /** Adds or replaces by name; null forgets it. @throws TOO_MANY_SECRETS */
  async keep(boxKey: Bytes, name: string, secret: string | null): Promise<void> {
    const others = (await this.#load(boxKey)).filter((kept) => kept.name !== name);
    if (secret !== null && others.length >= MAX_SECRETS) throw new CodedError('TOO_MANY_SECRETS', `At most ${MAX_SECRETS} passwords are kept.`, { help: 'Remove sources that are not used any more.' });
    await this.#files.writeAtomic(this.#path, sealBox(boxKey, Buffer.from(JSON.stringify(secret === null ? others : [...others, { name, secret }]), 'utf8')));
  }

  /** Null when none is kept under this name. */
  async open(boxKey: Bytes, name: string): Promise<string | null> {
    return (await this.#load(boxKey)).find((kept) => kept.name === name)?.secret ?? null;
  }

  async #load(boxKey: Bytes): Promise<z.infer<typeof boxSchema>> {
    if (!(await this.#files.exists(this.#path))) return [];
    return boxSchema.parse(JSON.parse(Buffer.from(openBox(boxKey, await this.#files.read(this.#path, MAX_BOX_BYTES))).toString('utf8')));
  }
}
