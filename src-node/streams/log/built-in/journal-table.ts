import { asBuffer, EMPTY_BYTES, utf8, type Bytes } from '../../../base/bytes.ts';
import { millis, type Clock } from '../../../base/clock.ts';
import { isCoded } from '../../../base/errors.ts';
import type { FilePort } from '../../../base/files.ts';
import type { Logger } from '../../../base/logger.ts';
import type { LogTable } from '../engine.ts';
import { GroupCommit } from '../group-commit.ts';
import { closed, MAX_TABLE_BYTES, tooLarge } from '../log-errors.ts';
import { AppendEnd, diskFault } from './append-end.ts';
import { keepTail } from './keep-tail.ts';
import { encodeRecords, recordAt, RECORD_OVERHEAD } from './record-codec.ts';

const MAX_FILE_BYTES = 1024 * 1024 * 1024;
const GROUP_BYTES = 1024 * 1024;
/** A file of twice the living and this much is written anew. */
const SLACK_BYTES = 256 * 1024;
const decoder = new TextDecoder();

type Entry = readonly [string, Bytes];

/** The newest value of each key: a file of all that was put, written anew with the living ones when the dead are many. */
export class JournalTable implements LogTable {
  /** One program at a time has the log. */
  readonly revision = 0;
  readonly #files: FilePort;
  readonly #path: string;
  readonly #values = new Map<string, Bytes>();
  readonly #group: GroupCommit<Entry, undefined>;
  #end: AppendEnd;
  #livingBytes = 0;
  #isClosed = false;

  private constructor(path: string, files: FilePort, clock: Clock) {
    this.#path = path;
    this.#files = files;
    this.#end = new AppendEnd(files, path, 0);
    this.#group = new GroupCommit<Entry, undefined>({ write: (entries) => this.#write(entries), bytesOf: entryBytes, maxBytes: GROUP_BYTES, clock });
  }

  static async load(path: string, modules: { readonly files: FilePort; readonly clock: Clock; readonly logger: Logger }): Promise<JournalTable> {
    const { files, clock } = modules;
    const table = new JournalTable(path, files, clock);
    const content = asBuffer(await files.read(path, MAX_FILE_BYTES).catch((error: unknown) => {
      if (isCoded(error, 'FILE_MISSING')) return EMPTY_BYTES;
      throw diskFault(error);
    }));
    let end = 0;
    // copies: the values would hold the whole file
    for (let found = recordAt(content, 0); found !== undefined; found = recordAt(content, end)) {
      table.#set(decoder.decode(found.record.key), Uint8Array.from(found.record.value));
      end = found.end;
    }
    await keepTail(path, content, end, modules);
    table.#end = new AppendEnd(files, path, end);
    return table;
  }

  async put(key: string, value: Bytes): Promise<void> {
    if (this.#isClosed) throw closed();
    const bytes = Math.max(utf8(key).length, value.length);
    if (bytes > MAX_TABLE_BYTES - 1) throw tooLarge(bytes, MAX_TABLE_BYTES - 1);
    await this.#group.add([key, value]);
  }

  get(key: string): Bytes | undefined {
    return this.#values.get(key);
  }

  entries(prefix: string): readonly Entry[] {
    return [...this.#values].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#group.settled();
    await this.#end.close();
  }

  async #write(entries: readonly Entry[]): Promise<readonly undefined[]> {
    await this.#end.append(encode(entries));
    for (const [key, value] of entries) this.#set(key, value);
    if (this.#end.length > 2 * this.#livingBytes + SLACK_BYTES) await this.#rewrite().catch(() => undefined); // what it holds is right as it is
    return entries.map(() => undefined);
  }

  async #rewrite(): Promise<void> {
    const content = encode([...this.#values]);
    await this.#end.close();
    await this.#files.writeAtomic(this.#path, content);
    this.#end = new AppendEnd(this.#files, this.#path, content.length);
  }

  #set(key: string, value: Bytes): void {
    const before = this.#values.get(key);
    if (before !== undefined) this.#livingBytes -= entryBytes([key, before]);
    if (value.length === 0) return void this.#values.delete(key);
    this.#livingBytes += entryBytes([key, value]);
    this.#values.set(key, value);
  }
}

function encode(entries: readonly Entry[]): Buffer {
  return encodeRecords(entries.map(([key, value]) => ({ key: utf8(key), value, timeMillis: millis(0) })), 0n);
}

function entryBytes([key, value]: Entry): number {
  return RECORD_OVERHEAD + key.length + value.length;
}
