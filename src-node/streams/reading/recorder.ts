/**
 * Rows of one reading in a file of their own. They are on disk before the reader's place is, and what a crash left behind that place is
 * cut off: each row stands there once.
 */
import { join } from 'node:path';
import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { faultOf, type AppendFile, type FilePort } from '../../base/files.ts';
import type { StreamRow } from '../client/row.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import { columnsFile, fileHead, fileLine, FILE_ENDINGS } from './record-format.ts';
import type { RecordingFormat, RecordingView } from './views.ts';

/** As it is written down. */
export interface SavedRecording extends RecordingView {
  /** Rows below it are in the file. */
  readonly nextSeq: bigint;
}

/** Rows that wait to be written; a reader that is faster than the disk waits for it. */
const MAX_WAITING_BYTES = 1024 * 1024;

export interface RecorderModules {
  readonly files: FilePort;
  /** Written down before the reader's place is. */
  readonly save: (recording: SavedRecording) => void;
}

export class Recorder {
  readonly #modules: RecorderModules;
  readonly #schema: StreamSchema;
  #saved: SavedRecording;
  #file: AppendFile | null;
  #waiting: Bytes[] = [];
  #waitingBytes = 0;
  #nextSeq: bigint;
  #writing: Promise<void> = Promise.resolve();

  private constructor(saved: SavedRecording, file: AppendFile | null, schema: StreamSchema, modules: RecorderModules) {
    this.#saved = saved;
    this.#file = file;
    this.#schema = schema;
    this.#nextSeq = saved.nextSeq;
    this.#modules = modules;
  }

  /** @param options.name of the file, without its ending @throws CodedError<FileErrorCode> */
  static async begin(options: { readonly folder: string; readonly name: string; readonly format: RecordingFormat; readonly schema: StreamSchema; readonly now: Millis }, modules: RecorderModules): Promise<Recorder> {
    const { folder, name, format, schema, now } = options;
    const file = `${name}.${FILE_ENDINGS[format]}`;
    const head = fileHead(format, schema);
    const columns = columnsFile(format, schema);
    if (columns !== null) await modules.files.writeAtomic(join(folder, `${name}.schema.json`), columns);
    await modules.files.writeAtomic(join(folder, file), head);
    const saved: SavedRecording = { format, state: 'running', folder, file, rows: 0, bytes: Buffer.byteLength(head), startedAt: now, stoppedAt: null, problem: null, nextSeq: 0n };
    const opened = await modules.files.openAppend(join(folder, file), saved.bytes);
    modules.save(saved);
    return new Recorder(saved, opened, schema, modules);
  }

  /** One that ran or was stopped before the program ended. */
  static async reopen(saved: SavedRecording, schema: StreamSchema, modules: RecorderModules): Promise<Recorder> {
    if (saved.state !== 'running') return new Recorder(saved, null, schema, modules);
    const path = join(saved.folder, saved.file);
    const recorder = new Recorder(saved, null, schema, modules);
    try {
      if (!(await modules.files.exists(path))) throw new CodedError('FILE_MISSING', 'The file of this recording is not there any more.', { help: 'Record into a new one.', meta: { path } });
      const file = await modules.files.openAppend(path, saved.bytes);
      if (file.length < saved.bytes) {
        await file.close();
        throw new CodedError('RECORDING_CHANGED', 'Another program has made the file of this recording shorter.', { help: 'Record into a new one.', meta: { path } });
      }
      recorder.#file = file;
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
    if (!this.isRunning || row.seq < this.#nextSeq) return false;
    const line = fileLine(this.#saved.format, row, this.#schema);
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    this.#nextSeq = row.seq + 1n;
    return this.#waitingBytes > MAX_WAITING_BYTES;
  }

  /** On disk when it returns, or the recording has failed and says why. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async stop(now: Millis): Promise<void> {
    await this.flush();
    if (this.isRunning) this.#save({ ...this.#saved, state: 'stopped', stoppedAt: now });
    await this.close();
  }

  /** As it stands; a recording that runs goes on when it is opened again. */
  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close();
    this.#file = null;
  }

  async #write(): Promise<void> {
    const file = this.#file;
    const lines = this.#waiting;
    if (file === null || !this.isRunning || lines.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const nextSeq = this.#nextSeq;
    try {
      await file.append(Buffer.concat(lines));
      this.#save({ ...this.#saved, rows: this.#saved.rows + lines.length, bytes: file.length, nextSeq });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#save({ ...this.#saved, state: 'failed', problem: faultOf(error).toJSON() });
  }

  #save(saved: SavedRecording): void {
    this.#saved = saved;
    this.#modules.save(saved);
  }
}
