/** One channel of this wallet as it is read: rows for windows and for a file, and how the reading and its spending stand (docs/protocol/11 §4.12, §4.13). */
import { join } from 'node:path';
import { CodedError } from '../../base/errors.ts';
import { RowWindow } from '../client/local-endpoint.ts';
import { FileReaderStore, type ReaderState, type ReaderStore } from '../client/reader-store.ts';
import type { StreamRow } from '../client/row.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import { ChannelKeys } from './channel-keys.ts';
import { schemaOf, type ReadChannel } from './read-channel.ts';
import type { ReadingModules, ReadingOptions } from './reading-modules.ts';
import { ReadingRun } from './reading-run.ts';
import { ReadingStatus } from './reading-status.ts';
import type { SavedReading } from './reading-table.ts';
import { Recorder, type RecorderModules } from './recorder.ts';
import type { ReadingEvent, ReadingView, RecordingFormat, RecordingView, SpendView } from './views.ts';

/** At least so many are kept for other programs, at most twice as many. */
const SHARED_ROWS = 1000;

export class Reading {
  readonly #options: ReadingOptions;
  readonly #modules: ReadingModules;
  readonly #files: ReaderStore;
  readonly #keys: ChannelKeys;
  readonly #status: ReadingStatus;
  #schema: StreamSchema;
  #wanted: boolean;
  #recorder: Recorder | null;
  #shared: RowWindow | null = null;
  #run: ReadingRun | null = null;
  /** One change after the other. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(channel: ReadChannel, options: ReadingOptions, modules: ReadingModules, parts: { readonly files: ReaderStore; readonly state: ReaderState; readonly recorder: Recorder | null; readonly saved: SavedReading }) {
    const { saved, state, files, recorder } = parts;
    this.#options = options;
    this.#modules = modules;
    this.#schema = schemaOf(channel);
    this.#files = files;
    this.#recorder = recorder;
    this.#wanted = saved.wanted;
    this.#keys = new ChannelKeys(saved.publicKey, modules);
    this.#status = new ReadingStatus({ channel, state, gaps: saved.gaps }, { ...modules, isRunning: () => this.#run !== null, isWanted: () => this.#wanted });
  }

  /** As it was left; one that was opened on this machine is wanted from the start. @throws CodedError<FileErrorCode> */
  static async open(channel: ReadChannel, options: ReadingOptions, modules: ReadingModules): Promise<Reading> {
    const { id } = channel.channel;
    const files = new FileReaderStore({ path: join(options.folder, `${id.slice(2)}.json`) }, modules);
    const saved = modules.table.load(id) ?? { wanted: modules.caps.isSet(id), publicKey: null, gaps: [], recording: null };
    modules.table.setWanted(id, saved.wanted);
    const recorder = saved.recording === null ? null : await Recorder.reopen(saved.recording, schemaOf(channel), recorderModules(channel, modules));
    return new Reading(channel, options, modules, { files, state: await files.load(), recorder, saved });
  }

  get channel(): ReadChannel {
    return this.#status.channel;
  }

  get isWanted(): boolean {
    return this.#wanted;
  }

  /** As the index tells it now. Reads if that is wanted and possible. */
  update(channel: ReadChannel): Promise<void> {
    return this.#after(async () => {
      const before = this.channel;
      const columnsCame = before.columns === null && channel.columns !== null;
      this.#status.channel = channel;
      if (columnsCame) this.#schema = schemaOf(channel);
      if (channel.channel.status !== 'open') {
        if (this.#recorder?.isRunning === true) await this.#recorder.stop(this.#modules.clock.now());
        return this.#end();
      }
      const isToppedUp = this.#status.phase.unpaid === 'deposit' && channel.channel.deposit > before.channel.deposit;
      if (columnsCame || isToppedUp) await this.#end();
      if (this.#wanted && this.#status.phase.name !== 'failed' && this.#status.phase.name !== 'ended') this.#begin();
    });
  }

  /** @throws CHANNEL_STATE, WALLET_LOCKED when its keys were not held since the start */
  async resume(): Promise<void> {
    this.#needOpen('This subscription is not open any more.');
    if (!(await this.#keys.isHeld(this.channel.channel.id))) throw new CodedError('WALLET_LOCKED', 'The key of this subscription is not there yet.', { help: 'Unlock the wallet once; reading goes on by itself then, also after it is locked again.' });
    await this.#want(true);
  }

  pause(): Promise<void> {
    return this.#want(false);
  }

  /** Base units a day; null takes the cap away. Holds from the next voucher on. */
  setDailyCap(cap: bigint | null): Promise<void> {
    return this.#after(async () => {
      this.#modules.caps.set(this.channel.channel.id, cap);
      await this.#beginAgain();
    });
  }

  /** @throws ALREADY_RECORDING, CHANNEL_STATE, CodedError<FileErrorCode> */
  record(format: RecordingFormat): Promise<void> {
    return this.#after(async () => {
      if (this.#recorder?.isRunning === true) throw new CodedError('ALREADY_RECORDING', 'This subscription is being recorded already.', { help: 'Stop that recording first.' });
      this.#needOpen('This subscription is not open any more, so nothing comes to be recorded.');
      const { channel } = this.channel;
      const now = this.#modules.clock.now();
      const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
      const name = `stream-${channel.streamId.slice(2, 10)}-${time}-${channel.id.slice(2, 6)}`;
      this.#recorder = await Recorder.begin({ folder: this.#options.recordings, name, format, schema: this.#schema, now }, recorderModules(this.channel, this.#modules));
      this.#status.changed();
    });
  }

  stopRecording(): Promise<void> {
    return this.#after(async () => {
      await this.#recorder?.stop(this.#modules.clock.now());
      this.#status.changed();
    });
  }

  /** Keeps rows for other programs of this computer from now on. @throws CHANNEL_STATE */
  share(): void {
    this.#needOpen('This subscription is not open any more.');
    this.#shared ??= new RowWindow({ maxRows: SHARED_ROWS });
  }

  /** Null while it is not read, or nobody asked for it. */
  get sharedRows(): RowWindow | null {
    return this.#run === null ? null : this.#shared;
  }

  /** Until `signal` aborts or the program ends. Looking on does not read by itself. @throws TOO_MANY_WINDOWS */
  live(signal: AbortSignal): AsyncGenerator<ReadingEvent, void, undefined> {
    return this.#status.windows.events(signal);
  }

  /** Everything is written down. */
  close(): Promise<void> {
    this.#status.windows.close();
    return this.#after(async () => {
      await this.#end();
      await this.#recorder?.close();
      this.#status.gaps.save();
    });
  }

  /** Time passes. */
  tick(): void {
    const { phase } = this.#status;
    if (phase.isCapOver(this.#modules.clock.now())) {
      phase.paid();
      void this.#after(() => this.#beginAgain());
    }
    void this.#recorder?.flush(); // what came since the reader's place was last written down
    this.#status.tick();
  }

  reading(): ReadingView {
    return this.#status.reading();
  }

  spend(): SpendView {
    return this.#status.spend();
  }

  recording(): RecordingView | null {
    return this.#recorder?.view ?? null;
  }

  #needOpen(sentence: string): void {
    const { status } = this.channel.channel;
    if (status !== 'open') throw new CodedError('CHANNEL_STATE', sentence, { help: 'Subscribe again.', meta: { status } });
  }

  #want(wanted: boolean): Promise<void> {
    return this.#after(async () => {
      this.#wanted = wanted;
      this.#modules.table.setWanted(this.channel.channel.id, wanted);
      if (!wanted) {
        await this.#end();
        this.#status.gaps.end();
        this.#status.gaps.begin('paused', this.#modules.clock.now());
      } else if (this.#status.phase.name !== 'connected' || this.#status.phase.unpaid !== null) {
        await this.#end();
        this.#begin();
      }
      this.#status.changed();
    });
  }

  #after<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.then(() => undefined, () => undefined);
    return done;
  }

  #begin(): void {
    if (this.#run !== null) return;
    this.#status.phase.paid();
    this.#status.to('connecting', null);
    const store = { load: () => this.#loadPlace(), save: (state: ReaderState) => this.#savePlace(state) };
    const status = this.#status;
    this.#run = new ReadingRun({ channel: this.channel.channel, schema: this.#schema }, { ...this.#modules, keys: this.#keys, store }, {
      onRow: (row) => this.#takeRow(row),
      onEvent: (event) => status.event(event),
      onEnded: () => status.to('ended', null),
      onBroken: (error, goesOn) => status.to(goesOn ? 'connecting' : 'failed', error),
    });
  }

  async #end(): Promise<void> {
    await this.#run?.stop();
    this.#run = null;
    this.#status.to('off', null);
  }

  async #beginAgain(): Promise<void> {
    if (this.#run === null) return;
    await this.#end();
    this.#begin();
  }

  async #loadPlace(): Promise<ReaderState> {
    const state = await this.#files.load();
    this.#status.meter.begin(state);
    return state;
  }

  async #savePlace(state: ReaderState): Promise<void> {
    await this.#recorder?.flush();
    await this.#files.save(state);
    this.#status.meter.saved(state);
  }

  /** @returns what the next row has to wait for */
  #takeRow(row: StreamRow): Promise<void> | undefined {
    this.#status.row(row, this.#schema.columns);
    this.#shared?.add(row);
    return this.#recorder?.add(row) === true ? this.#recorder.flush() : undefined;
  }
}

function recorderModules({ channel }: ReadChannel, { files, table }: ReadingModules): RecorderModules {
  return { files, save: (recording) => table.setRecording(channel.id, recording) };
}
