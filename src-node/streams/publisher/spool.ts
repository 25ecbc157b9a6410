/** Rows that were acknowledged to their device and are not sealed yet, on disk, and of each source the tokens of its last rows. */
import { concat, u64be, utf8, type Bytes } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import { CodedError, invariant } from '../../base/errors.ts';
import { Journal, type JournalEntry, type JournalModules } from './journal.ts';
import { encodeRow, type StreamSchema } from './schema.ts';
import type { IncomingRow, RowSink } from './source.ts';

export interface SpoolOptions {
  readonly folder: string;
  readonly schema: StreamSchema;
  /** So much may wait on disk; above it rows are refused. Many times `fileBytes`: the newest file stays. */
  readonly maxBytes: number;
  readonly fileBytes: number;
}

export interface SpooledRow {
  readonly number: number;
  readonly timeMillis: Millis;
  /** JSON of the row. */
  readonly body: Bytes;
}

/** More than a broker sends before it waits for an answer. */
const RECENT_TOKENS = 256;
const MAX_TOKEN_BYTES = 256;
/** So much has to be free before sources that wait go on. */
const ROOM_SHARE = 0.25;

export class Spool implements RowSink {
  readonly schema: StreamSchema;
  readonly #maxBytes: number;
  readonly #recent = new Map<string, string[]>();
  #journal: Journal | undefined;
  #roomWaiters: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();
  /** Bytes on their way to the disk. */
  #onTheWay = 0;

  private constructor(options: SpoolOptions) {
    this.schema = options.schema;
    this.#maxBytes = options.maxBytes;
  }

  static async open(options: SpoolOptions, modules: JournalModules): Promise<Spool> {
    const spool = new Spool(options);
    spool.#journal = await Journal.open(options, modules, () => spool.#writeNote(), {
      note: (bytes) => spool.#readNote(bytes),
      entry: ({ bytes }) => {
        const { source, token } = decodeEntry(bytes);
        spool.#remember(source, token);
      },
    });
    return spool;
  }

  async accept(source: string, rows: readonly IncomingRow[]): Promise<void> {
    const entries = rows.map((row) => encodeEntry(source, row));
    const bytes = entries.reduce((sum, { length }) => sum + length, 0);
    if (this.#isFull(bytes)) {
      throw new CodedError('SPOOL_FULL', 'The publisher holds as many rows as it may: no gateway takes them now.', { help: 'Send the row again later; it was not taken.', meta: { bytes: this.#opened.bytes, maxBytes: this.#maxBytes } });
    }
    this.#onTheWay += bytes;
    try {
      await this.#opened.append(entries, () => {
        for (const { token } of rows) this.#remember(source, token);
      });
    } finally {
      this.#onTheWay -= bytes;
    }
    for (const listener of this.#listeners) listener();
  }

  recent(source: string): readonly string[] {
    return this.#recent.get(source) ?? [];
  }

  async room(signal: AbortSignal): Promise<void> {
    while (this.#isFull(this.#maxBytes * ROOM_SHARE) && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#roomWaiters.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  /** Number that the next row gets. */
  get next(): number {
    return this.#opened.next;
  }

  async read(from: number, maxBytes: number): Promise<readonly SpooledRow[]> {
    return (await this.#opened.read(from, maxBytes)).map(rowOf);
  }

  /** Told after rows were added. @returns the function that stops it */
  onGrown(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** These are sealed and on disk as batches. */
  async dropBefore(number: number): Promise<void> {
    await this.#opened.dropBefore(number);
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const wake of waiters) wake();
  }

  close(): Promise<void> {
    return this.#opened.close();
  }

  get #opened(): Journal {
    invariant(this.#journal, 'the spool was opened');
    return this.#journal;
  }

  #isFull(more: number): boolean {
    return this.#opened.bytes + this.#onTheWay + more > this.#maxBytes;
  }

  #remember(source: string, token: string): void {
    if (token === '') return;
    const tokens = this.#recent.get(source);
    if (tokens === undefined) this.#recent.set(source, [token]);
    else if (tokens.push(token) > 2 * RECENT_TOKENS) tokens.splice(0, RECENT_TOKENS);
  }

  #writeNote(): Bytes {
    return utf8(JSON.stringify([...this.#recent].map(([source, tokens]) => [source, tokens.slice(-RECENT_TOKENS)])));
  }

  #readNote(bytes: Bytes): void {
    for (const [source, tokens] of JSON.parse(Buffer.from(bytes).toString('utf8')) as [string, string[]][]) this.#recent.set(source, tokens);
  }
}

/** u64 time ‖ u8 length ‖ source ‖ u8 length ‖ token ‖ body */
function encodeEntry(source: string, { row, token, timeMillis }: IncomingRow): Bytes {
  const [sourceBytes, tokenBytes] = [utf8(source), utf8(token)];
  invariant(sourceBytes.length < MAX_TOKEN_BYTES && tokenBytes.length < MAX_TOKEN_BYTES, 'names and tokens of sources are short');
  return concat(u64be(timeMillis), Uint8Array.of(sourceBytes.length), sourceBytes, Uint8Array.of(tokenBytes.length), tokenBytes, encodeRow(row));
}

function decodeEntry(bytes: Bytes): { readonly source: string; readonly token: string; readonly timeMillis: Millis; readonly body: Bytes } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sourceEnd = 9 + (buffer[8] ?? 0);
  const tokenEnd = sourceEnd + 1 + (buffer[sourceEnd] ?? 0);
  return { source: buffer.toString('utf8', 9, sourceEnd), token: buffer.toString('utf8', sourceEnd + 1, tokenEnd), timeMillis: millis(Number(buffer.readBigUInt64BE(0))), body: bytes.subarray(tokenEnd) };
}

function rowOf({ number, bytes }: JournalEntry): SpooledRow {
  const { timeMillis, body } = decodeEntry(bytes);
  return { number, timeMillis, body };
}
