/** Rows of one reading in a file of their own. They are on disk before the reader's place is, and each stands there once, whatever was killed between. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { faultOf, fileError, type FilePort } from '../../base/files.ts';
import { RecordSink, type RecordFormat } from '../client/record-sink.ts';
import type { StreamRow } from '../client/row.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import type { RecordingFormat, RecordingView } from './views.ts';

/** As it is written down. */
export interface SavedRecording extends RecordingView {
  /** Name of the file when it is complete. */
  readonly name: string;
  /** Rows below it are counted. */
  readonly nextSeq: bigint;
}

export interface RecorderModules {
  readonly files: FilePort;
  readonly save: (recording: SavedRecording) => void;
}

const SINKS: Readonly<Record<RecordingFormat, RecordFormat>> = { csv: 'csv', jsonl: 'jsonl', 'json-columns': 'parquet-json' };
const ENDINGS: Readonly<Record<RecordingFormat, string>> = { csv: 'csv', jsonl: 'jsonl', 'json-columns': 'json' };
/** Rows that wait to be written; a reader that is faster than the disk waits for it. */
const MAX_WAITING_BYTES = 1024 * 1024;

export class Recorder {
  readonly #save: RecorderModules['save'];
  #saved: SavedRecording;
  #sink: RecordSink | null = null;
  #waiting: StreamRow[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(saved: SavedRecording, modules: RecorderModules) {
    this.#saved = saved;
    this.#save = modules.save;
  }

  /** @param options.name of the file, without its ending @throws CodedError<FileErrorCode> */
  static async begin(options: { readonly folder: string; readonly name: string; readonly format: RecordingFormat; readonly schema: StreamSchema; readonly now: Millis }, modules: RecorderModules): Promise<Recorder> {
    const { folder, format, schema, now } = options;
    const name = `${options.name}.${ENDINGS[format]}`;
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw fileError(error, folder);
    });
    const recorder = new Recorder({ format, state: 'running', folder, file: `${name}.part`, rows: 0, bytes: 0, startedAt: now, stoppedAt: null, problem: null, name, nextSeq: 0n }, modules);
    recorder.#sink = await openSink(recorder.#saved, schema, modules);
    recorder.#change({ bytes: recorder.#sink.bytes });
    return recorder;
  }

  /** One that ran or was over when the program ended. */
  static async reopen(saved: SavedRecording, schema: StreamSchema, modules: RecorderModules): Promise<Recorder> {
    const recorder = new Recorder(saved, modules);
    if (!recorder.isRunning) return recorder;
    try {
      const path = join(saved.folder, saved.file);
      if (!(await modules.files.exists(path))) throw new CodedError('FILE_MISSING', 'The file of this recording is not there any more.', { help: 'Record into a new one.', meta: { path } });
      recorder.#sink = await openSink(saved, schema, modules);
      recorder.#count(recorder.#sink);
    } catch (error) {
      recorder.#fail(error);
    }
    return recorder;
  }

  get view(): RecordingView {
    const { format, state, folder, file, rows, bytes, startedAt, stoppedAt, problem } = this.#saved;
    return { format, state, folder, file, rows, bytes, startedAt, stoppedAt, problem };
  }

  get isRunning(): boolean {
    return this.#saved.state === 'running';
  }

  /** @returns whether so much waits that `flush` is to be waited for */
  add(row: StreamRow): boolean {
    if (!this.isRunning) return false;
    this.#waiting.push(row);
    this.#waitingBytes += row.record.body.length;
    return this.#waitingBytes > MAX_WAITING_BYTES;
  }

  /** On disk when it returns, or the recording has failed and says why. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** The file has its name then. */
  async stop(now: Millis): Promise<void> {
    await this.flush();
    if (!this.isRunning) return;
    try {
      await this.#sink?.finish();
      this.#sink = null;
      this.#change({ state: 'stopped', stoppedAt: now, file: this.#saved.name });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** As it stands; a recording that runs goes on when it is opened again. */
  async close(): Promise<void> {
    await this.flush();
    await this.#sink?.close();
    this.#sink = null;
  }

  async #write(): Promise<void> {
    const sink = this.#sink;
    const rows = this.#waiting;
    if (sink === null || !this.isRunning || rows.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      await sink.write(rows);
      this.#count(sink, rows.filter(({ row, seq }) => row !== null && seq >= this.#saved.nextSeq).length);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** After a kill the file is further than what was counted; rows that fit no column are counted with it then. */
  #count({ nextSeq, bytes }: RecordSink, rows = Number(nextSeq > this.#saved.nextSeq && this.#saved.nextSeq > 0n ? nextSeq - this.#saved.nextSeq : 0n)): void {
    this.#change({ rows: this.#saved.rows + rows, bytes, nextSeq });
  }

  #fail(error: unknown): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#change({ state: 'failed', problem: faultOf(error).toJSON() });
  }

  #change(change: Partial<SavedRecording>): void {
    this.#saved = { ...this.#saved, ...change };
    this.#save(this.#saved);
  }
}

function openSink({ folder, name, format }: SavedRecording, schema: StreamSchema, { files }: RecorderModules): Promise<RecordSink> {
  return RecordSink.open({ path: join(folder, name), format: SINKS[format], schema }, { files });
}
