/**
 * Rows by HTTP POST and by WebSocket, from programs and devices of this computer: `POST /v1/rows` and `ws://…/v1/rows`, as JSON, one
 * object a line, or separated text with a header. An answer means that the rows are on disk.
 */
import type { IncomingMessage } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../../base/clock.ts';
import { CsvRecords } from '../../../base/csv.ts';
import { CodedError, isCoded, toCoded } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import { LoopbackServer, readBody } from '../../loopback-server.ts';
import { readCsvRow, readJsonRows, type Row, type StreamSchema } from '../schema.ts';
import type { RowSink } from '../source.ts';

export interface LocalSourceOptions {
  readonly port: number;
  readonly token: string;
}

export interface LocalSourceModules {
  readonly sink: RowSink;
  readonly clock: Clock;
  readonly log: Logger;
  /** Rows that do not fit the columns; whoever sent them is told too. */
  readonly onRefused: (error: CodedError) => void;
}

const NAME = 'local';
const PATH = '/v1/rows';
const MAX_BYTES = 1024 * 1024;
const MAX_SOCKETS = 64;
/** Messages of one socket that wait for the disk before it is not read any more. */
const MAX_WAITING = 16;
const REQUEST_KEY = /^[\x21-\x7e]{1,200}$/;

export class LocalSource {
  readonly #sink: RowSink;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onRefused: (error: CodedError) => void;
  readonly #stop = new AbortController();
  /** Requests that carry a key, while they run. */
  readonly #running = new Map<string, Promise<unknown>>();
  #server: LoopbackServer | undefined;

  private constructor(modules: LocalSourceModules) {
    this.#sink = modules.sink;
    this.#clock = modules.clock;
    this.#log = modules.log;
    this.#onRefused = modules.onRefused;
  }

  /** @throws PORT_TAKEN */
  static async start(options: LocalSourceOptions, modules: LocalSourceModules): Promise<LocalSource> {
    const source = new LocalSource(modules);
    const handlers = { request: (method: string, url: URL, request: IncomingMessage) => source.#post(method, url, request), socket: (websocket: WebSocket, url: URL) => source.#connect(websocket, url) };
    source.#server = await LoopbackServer.start({ ...options, maxBytes: MAX_BYTES, maxSockets: MAX_SOCKETS }, handlers, modules.log);
    return source;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#server?.close();
  }

  async #post(method: string, url: URL, request: IncomingMessage): Promise<unknown> {
    if (method !== 'POST' || url.pathname !== PATH) throw new CodedError('NO_SUCH_PATH', `Only POST ${PATH} is answered here.`, { help: `Send rows by POST to ${PATH}.` });
    const text = await readBody(request, MAX_BYTES);
    const rows = this.#read(() => readRows(this.#sink.schema, text, request.headers['content-type'] ?? ''));
    const key = request.headers['idempotency-key'];
    if (key === undefined) return this.#take(rows, '');
    if (typeof key !== 'string' || !REQUEST_KEY.test(key)) throw new CodedError('BAD_REQUEST_KEY', 'The header Idempotency-Key has at most 200 visible letters.', { help: 'Use another key, such as a UUID.' });
    if (this.#sink.recent(NAME).includes(key)) return { accepted: rows.length };
    const running = this.#running.get(key) ?? this.#take(rows, key).finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }

  #read(rows: () => readonly Row[]): readonly Row[] {
    try {
      return rows();
    } catch (error) {
      if (isCoded(error, 'BAD_ROW')) this.#onRefused(error);
      throw error;
    }
  }

  async #take(rows: readonly Row[], token: string): Promise<{ readonly accepted: number }> {
    const timeMillis = this.#clock.now();
    if (rows.length > 0) await this.#sink.accept(NAME, rows.map((row, index) => ({ row, token: index === rows.length - 1 ? token : '', timeMillis })));
    return { accepted: rows.length };
  }

  /** One answer for each message, in their order. A full spool is waited for, and the socket is not read meanwhile. */
  #connect(websocket: WebSocket, url: URL): boolean {
    if (url.pathname !== PATH) return false;
    let waiting = 0;
    let last = Promise.resolve();
    websocket.on('message', (data: RawData, isBinary) => {
      if (++waiting >= MAX_WAITING) websocket.pause();
      last = last.then(async () => {
        const answer = await this.#message(data, isBinary);
        waiting -= 1;
        if (websocket.readyState !== websocket.OPEN) return;
        if (websocket.isPaused) websocket.resume();
        websocket.send(JSON.stringify(answer));
      });
    });
    return true;
  }

  async #message(data: RawData, isBinary: boolean): Promise<unknown> {
    try {
      if (isBinary) throw new CodedError('BAD_ROW', 'Rows come as text.', { help: 'Send JSON in text messages.' });
      const rows = this.#read(() => readJsonRows(this.#sink.schema, (data as Buffer).toString('utf8')));
      for (;;) {
        try {
          return await this.#take(rows, '');
        } catch (error) {
          if (!isCoded(error, 'SPOOL_FULL') || this.#stop.signal.aborted) throw error;
          await this.#sink.room(this.#stop.signal);
        }
      }
    } catch (error) {
      if (!isCoded(error)) this.#log.error('rows of a socket were not taken', {}, error);
      return { error: toCoded(error).toJSON() };
    }
  }
}

/** By the type of the content; JSON when it says nothing. @throws BAD_ROW naming field and row */
function readRows(schema: StreamSchema, text: string, contentType: string): readonly Row[] {
  if (!/^text\/csv\b/i.test(contentType)) return readJsonRows(schema, text);
  const records = new CsvRecords(',');
  let header: readonly string[] | undefined;
  const rows: Row[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line === '' && !records.isOpen) continue;
    const fields = records.take(line);
    if (fields === null) continue;
    if (header === undefined) header = fields;
    else rows.push(readCsvRow(schema, header, fields, rows.length + 1));
  }
  if (records.isOpen) throw new CodedError('BAD_ROW', `Row ${rows.length + 1} cannot be taken: a quoted field is not closed.`, { help: 'Close the quotes. Nothing of this request was taken.', meta: { row: rows.length + 1, field: null, why: 'a quoted field is not closed' } });
  return rows;
}
