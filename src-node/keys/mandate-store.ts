/** Mandates on disk, encrypted to the wallet; a use is written down before its signature leaves. */
import { join } from 'node:path';
import { z } from 'zod';
import type { Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';
import { fromTaggedJson, toTaggedJson } from '../base/tagged-json.ts';
import { checkMandate, mandateSchema, MAX_REMEMBERED, type Mandate, type MandatedCall, type NewMandate } from './mandate.ts';
import { openBox, sealBox } from './secret-box.ts';

const MAX_BOX_BYTES = 8_000_000;

export class MandateStore {
  readonly #path: string;
  readonly #files: FilePort;
  readonly #clock: Clock;

  constructor(options: { readonly folder: string }, modules: { readonly files: FilePort; readonly clock: Clock }) {
    this.#path = join(options.folder, 'mandates.box');
    this.#files = modules.files;
    this.#clock = modules.clock;
  }

  /** Adds or replaces by id; forgets those that have run out. */
  async grant(boxKey: Bytes, mandate: NewMandate): Promise<void> {
    const others = (await this.#load(boxKey)).filter(({ id, expiresAtMillis }) => id !== mandate.id && expiresAtMillis > this.#clock.now());
    await this.#save(boxKey, [...others, { ...mandate, usedNonces: [] }]);
  }

  /** Takes one use of the mandate for this call, none where it replaces one that took it. @throws MANDATE_REFUSED */
  async use(boxKey: Bytes, id: string, call: MandatedCall): Promise<void> {
    const all = await this.#load(boxKey);
    const mandate = all.find((candidate) => candidate.id === id);
    if (mandate === undefined) throw new CodedError('MANDATE_REFUSED', 'There is no standing permission for this transaction.', { help: 'Sign it yourself on a sheet.', meta: { reason: 'none' } });
    checkMandate(mandate, call, this.#clock.now());
    if (mandate.usedNonces.includes(call.nonce)) return;
    const used = { ...mandate, uses: mandate.uses - 1, usedNonces: [...mandate.usedNonces, call.nonce].slice(-MAX_REMEMBERED) };
    await this.#save(boxKey, all.map((other) => (other === mandate ? used : other)));
  }

  async #load(boxKey: Bytes): Promise<readonly Mandate[]> {
    if (!(await this.#files.exists(this.#path))) return [];
    const text = Buffer.from(openBox(boxKey, await this.#files.read(this.#path, MAX_BOX_BYTES))).toString('utf8');
    return z.array(mandateSchema).parse(fromTaggedJson(text));
  }

  async #save(boxKey: Bytes, mandates: readonly Mandate[]): Promise<void> {
    await this.#files.writeAtomic(this.#path, sealBox(boxKey, Buffer.from(toTaggedJson(mandates), 'utf8')));
  }
}
