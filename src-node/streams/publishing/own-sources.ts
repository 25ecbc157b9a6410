/** The sources of one own stream: kept in the table, and running while the stream is on. */
import { hexOf, type Hex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { randomBytes } from '../../crypto/hash.ts';
import type { Passwords } from '../ports.ts';
import type { PublishingTable, SavedSource } from './publishing-table.ts';
import { newToken, passwordName, StreamSource, type StreamSourceModules } from './stream-source.ts';
import type { SourceSettings, SourceStatus } from './views.ts';

export interface OwnSourcesModules {
  readonly sink: StreamSourceModules['sink'];
  readonly onTaken: StreamSourceModules['onTaken'];
  readonly table: PublishingTable;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly log: Logger;
}

const ID_BYTES = 8;

export class OwnSources {
  readonly #stream: Hex;
  readonly #modules: OwnSourcesModules;
  readonly #running = new Map<string, StreamSource>();

  constructor(options: { readonly stream: Hex }, modules: OwnSourcesModules) {
    this.#stream = options.stream;
    this.#modules = modules;
  }

  get statuses(): readonly SourceStatus[] {
    return this.#modules.table.sourcesOf(this.#stream).map((saved) => (this.#running.get(saved.id) ?? new StreamSource(saved, this.#modules)).status);
  }

  /** All that are to run. */
  async start(): Promise<void> {
    for (const saved of this.#modules.table.sourcesOf(this.#stream)) {
      const source = this.#running.get(saved.id) ?? new StreamSource(saved, this.#modules);
      this.#running.set(saved.id, source);
      await source.start();
    }
  }

  async stop(): Promise<void> {
    for (const source of this.#running.values()) await source.stop();
    this.#running.clear();
  }

  async tick(): Promise<void> {
    for (const source of this.#running.values()) await source.tick();
  }

  /** @param password of the broker of an MQTT source, or null */
  async add(settings: SourceSettings, password: string | null): Promise<void> {
    const { table, passwords, clock } = this.#modules;
    const id = hexOf(randomBytes(ID_BYTES));
    if (password !== null) await passwords.keep(passwordName(id), password);
    table.addSource({ id, stream: this.#stream, settings, running: true, token: settings.kind === 'post' || settings.kind === 'socket' ? newToken() : null }, clock.now());
  }

  /** @throws SOURCE_UNKNOWN */
  async setRunning(id: string, running: boolean): Promise<void> {
    const saved = this.#saved(id);
    const source = this.#running.get(id);
    if (source === undefined) this.#modules.table.changeSource(saved, { running });
    else await source.setRunning(running);
  }

  /** @throws SOURCE_UNKNOWN */
  async remove(id: string): Promise<void> {
    const { settings } = this.#saved(id);
    await this.#running.get(id)?.stop();
    this.#running.delete(id);
    this.#modules.table.removeSource(id);
    if (settings.kind !== 'mqtt' || settings.settings.username === null) return;
    await this.#modules.passwords.keep(passwordName(id), null).catch((error: unknown) => {
      if (!isCoded(error)) throw error;
      this.#modules.log.info('the password of a source is kept until the wallet is open', { code: error.code });
    });
  }

  /** The one before is refused from now on. @throws SOURCE_UNKNOWN, NO_TOKEN */
  async newToken(id: string): Promise<string> {
    const saved = this.#saved(id);
    if (saved.settings.kind !== 'post' && saved.settings.kind !== 'socket') throw new CodedError('NO_TOKEN', 'Nothing comes to this source by a token.', { help: 'Only sources by POST and by socket have one.' });
    const source = this.#running.get(id);
    if (source !== undefined) return source.newToken();
    const token = newToken();
    this.#modules.table.changeSource(saved, { token });
    return token;
  }

  #saved(id: string): SavedSource {
    const saved = this.#modules.table.sourcesOf(this.#stream).find((source) => source.id === id);
    if (saved === undefined) throw new CodedError('SOURCE_UNKNOWN', 'This stream has no such source.', { help: 'Look at the list of its sources.' });
    return saved;
  }
}
