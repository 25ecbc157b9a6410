/** One source of rows of an own stream: started from what is kept of it, counted, and shown as it is. */
import { existsSync } from 'node:fs';
import { hexOf } from '../../base/bytes.ts';
import { millis, type Clock } from '../../base/clock.ts';
import { CodedError, invariant, isCoded, toCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { randomBytes } from '../../crypto/hash.ts';
import type { Passwords } from '../ports.ts';
import { encodeRow } from '../publisher/schema.ts';
import type { IncomingRow, RowSink } from '../publisher/source.ts';
import { FileTail } from '../publisher/sources/file-tail.ts';
import { LocalSource } from '../publisher/sources/local-source.ts';
import { MqttSource, type MqttState } from '../publisher/sources/mqtt-source.ts';
import { replay } from '../publisher/sources/replay.ts';
import type { PublishingTable, SavedSource } from './publishing-table.ts';
import { recordingRows } from './recordings.ts';
import { RowCounter } from './row-counter.ts';
import type { MqttSettings, SourceState, SourceStatus } from './views.ts';

export interface StreamSourceModules {
  /** Null while nothing is open. */
  readonly sink: () => RowSink | null;
  readonly table: PublishingTable;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly log: Logger;
  /** Rows that are on disk now. */
  readonly onTaken: (rows: number, bytes: number) => void;
}

const FILE_POLL = millis(500);
const TOKEN_BYTES = 24;
const MQTT_CLIENT_LETTERS = 20;

export class StreamSource {
  readonly #modules: StreamSourceModules;
  readonly #counter: RowCounter;
  #saved: SavedSource;
  #state: SourceState = 'stopped';
  #problem: CodedError | null = null;
  #stop = new AbortController();
  #ending: (() => Promise<void>) | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(saved: SavedSource, modules: StreamSourceModules) {
    this.#saved = saved;
    this.#modules = modules;
    this.#counter = new RowCounter(modules.clock);
  }

  get status(): SourceStatus {
    const { id, settings, taken, refused, lastAt } = this.#saved;
    const problem = this.#problem?.toJSON() ?? null;
    return { id, kind: settings.kind, state: this.#state, address: addressOf(this.#saved), needsToken: settings.kind === 'post' || settings.kind === 'socket', taken, refused, ratePerSecond: this.#state === 'stopped' ? null : this.#counter.perSecond, lastAt, problem };
  }

  /** Goes on if it is to run, and does nothing while it does. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#saved.running || this.#ending !== null) return;
      this.#stop = new AbortController();
      this.#problem = null;
      try {
        this.#ending = await this.#begin();
      } catch (error) {
        if (!isCoded(error)) throw error;
        this.#fail(error);
      }
    });
  }

  /** Ends it; what was taken stays taken. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  /** A token that devices have to use from now on; the one before is refused. */
  async newToken(): Promise<string> {
    const token = newToken();
    await this.#inTurn(async () => {
      const isRunning = this.#ending !== null;
      await this.#end();
      this.#change({ token });
      if (isRunning) this.#ending = await this.#begin();
    });
    return token;
  }

  async setRunning(running: boolean): Promise<void> {
    this.#change({ running });
    if (!running) await this.stop();
  }

  /** Writes down what was counted, and looks again for what was missing. */
  async tick(): Promise<void> {
    const { settings, running } = this.#saved;
    this.#change({});
    if (settings.kind === 'file' && this.#ending !== null && this.#state !== 'failed') this.#state = existsSync(settings.path) ? 'running' : 'waiting';
    // the wallet may have been unlocked, or the port may be free again
    if (running && this.#ending === null && !this.#stop.signal.aborted && (isCoded(this.#problem, 'WALLET_LOCKED') || isCoded(this.#problem, 'PORT_TAKEN'))) await this.start();
  }

  async #begin(): Promise<() => Promise<void>> {
    const { settings, id } = this.#saved;
    const { clock, log } = this.#modules;
    const sink = this.#counted();
    const { signal } = this.#stop;
    switch (settings.kind) {
      case 'post':
      case 'socket': {
        const token = this.#saved.token ?? newToken();
        const source = await LocalSource.start({ port: this.#saved.port, token }, { sink, clock, log, onRefused: (error) => this.#refuse(error) });
        this.#change({ port: source.port, token });
        this.#state = 'running';
        return () => source.close();
      }
      case 'file': {
        this.#state = existsSync(settings.path) ? 'running' : 'waiting';
        const tail = new FileTail({ path: settings.path, format: settings.format, pollMillis: FILE_POLL }, { sink, clock, log, onRefused: (error) => this.#refuse(error) });
        return this.#follow(tail.run(signal));
      }
      case 'mqtt': {
        const { url, topicFilter, username } = settings.settings;
        const password = username === null ? null : await this.#modules.passwords.open(passwordName(id));
        const login = username === null ? null : { username, password: password ?? '' };
        const source = MqttSource.start({ url, clientId: clientIdOf(id), topicFilter, login, authority: null }, { sink, clock, log, onRefused: (error) => this.#refuse(error), onState: (state) => this.#mqttState(state) });
        return () => source.close();
      }
      case 'replay': {
        const { rows, times } = await recordingRows(settings.data, sink.schema);
        this.#state = 'running';
        return this.#follow(replay({ rows, times, speed: settings.speed }, { sink, clock }, signal));
      }
    }
  }

  /** Work that ends by itself only when it fails. */
  #follow(work: Promise<void>): () => Promise<void> {
    const done = work.catch((error: unknown) => {
      if (!isCoded(error)) this.#modules.log.error('a source of rows failed', { source: this.#saved.id }, error);
      this.#fail(toCoded(error));
    });
    return () => done;
  }

  #mqttState(state: MqttState): void {
    if (state === 'stopped') return;
    this.#state = state === 'receiving' ? 'running' : state === 'refused' ? 'failed' : 'waiting';
    this.#problem = state === 'refused' ? mqttRefused() : this.#state === 'running' ? null : this.#problem;
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    await this.#ending?.();
    this.#ending = null;
    this.#state = 'stopped';
    this.#problem = null;
    this.#change({});
  }

  #fail(error: CodedError): void {
    this.#state = isCoded(error, 'WALLET_LOCKED') ? 'waiting' : 'failed';
    this.#problem = error;
  }

  #refuse(error: CodedError): void {
    this.#problem = error;
    this.#saved = { ...this.#saved, refused: this.#saved.refused + 1 };
  }

  #counted(): RowSink {
    const { clock, onTaken } = this.#modules;
    const sink = this.#modules.sink();
    invariant(sink, 'sources start when the disk is open');
    return {
      schema: sink.schema,
      accept: async (source: string, rows: readonly IncomingRow[]) => {
        await sink.accept(source, rows);
        this.#counter.add(rows.length);
        this.#saved = { ...this.#saved, taken: this.#saved.taken + rows.length, lastAt: clock.now() };
        onTaken(rows.length, rows.reduce((sum, { row }) => sum + encodeRow(row).length, 0));
      },
      recent: (source) => sink.recent(source),
      room: (signal) => sink.room(signal),
    };
  }

  #change(change: Parameters<PublishingTable['changeSource']>[1]): void {
    this.#saved = this.#modules.table.changeSource(this.#saved, change);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined); // told to whoever called
    return mine;
  }
}

export function newToken(): string {
  return hexOf(randomBytes(TOKEN_BYTES));
}

/** Under this name the password of a source's broker is kept. */
export function passwordName(source: string): string {
  return `mqtt:${source}`;
}

/** The broker keeps a session under it, also while this program is not there. */
export function clientIdOf(source: string): string {
  return `pd${source}`.slice(0, MQTT_CLIENT_LETTERS);
}

export function mqttRefused(): CodedError {
  return new CodedError('MQTT_REFUSED', 'The broker does not let this program in, or not to these topics.', { help: 'Check the name, the password and the topics.' });
}

function addressOf({ settings, port }: SavedSource): string {
  switch (settings.kind) {
    case 'post': return port === 0 ? '' : `http://127.0.0.1:${port}/v1/rows`;
    case 'socket': return port === 0 ? '' : `ws://127.0.0.1:${port}/v1/rows`;
    case 'file': return settings.path;
    case 'mqtt': return mqttAddress(settings.settings);
    case 'replay': return settings.data;
  }
}

function mqttAddress({ url, topicFilter }: MqttSettings): string {
  return `${url} ${topicFilter}`;
}
