/**
 * Rows of the streams that this program reads, for other programs of this computer: `GET /v1/streams/{id}/rows?cursor=&max=&waitMs=` and a
 * WebSocket of the same path. Keys and vouchers stay in the app; what goes out are decrypted rows.
 */
import type { WebSocket } from 'ws';
import { fromHex, type Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { LoopbackServer, type LoopbackOptions } from '../loopback-server.ts';
import type { StreamRow } from './row.ts';

export interface LocalEndpointOptions {
  readonly port: number;
  /** One, or which of several are taken now. */
  readonly token: LoopbackOptions['token'];
}

export interface LocalEndpointModules {
  /** The rows that are kept of a stream that is being read; null for others. */
  readonly rows: (streamId: Bytes) => RowWindow | null;
  readonly clock: Clock;
  readonly log: Logger;
}

const PATH = /^\/v1\/streams\/((?:0x)?[0-9a-f]{64})\/rows$/;
const MAX_ROWS = 1000;
const MAX_WAIT_MILLIS = 30_000;
/** A socket that does not read is not sent more. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const DRAIN_MILLIS = 20;

/** The last rows of one stream, by their numbers. What a program has not asked for in time it finds as a gap in the numbers. */
export class RowWindow {
  readonly #maxRows: number;
  #rows: StreamRow[] = [];
  #waiting: (() => void)[] = [];

  constructor(options: { readonly maxRows: number }) {
    this.#maxRows = options.maxRows;
  }

  add(row: StreamRow): void {
    this.#rows.push(row);
    if (this.#rows.length > 2 * this.#maxRows) this.#rows = this.#rows.slice(-this.#maxRows);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Number that the next row will have at least. */
  get next(): bigint {
    const last = this.#rows.at(-1);
    return last === undefined ? 0n : last.seq + 1n;
  }

  /** From this number on. */
  from(seq: bigint, max: number): readonly StreamRow[] {
    if (seq >= this.next) return [];
    let low = 0;
    for (let high = this.#rows.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle]?.seq ?? seq) < seq) low = middle + 1;
      else high = middle;
    }
    return this.#rows.slice(low, low + max);
  }

  /** Resolves with the next row, or when `signal` aborts. */
  grown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.push(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}

export class LocalEndpoint {
  readonly #modules: LocalEndpointModules;
  readonly #stop = new AbortController();
  #server: LoopbackServer | undefined;

  private constructor(modules: LocalEndpointModules) {
    this.#modules = modules;
  }

  /** @throws PORT_TAKEN, WEAK_TOKEN */
  static async start(options: LocalEndpointOptions, modules: LocalEndpointModules): Promise<LocalEndpoint> {
    const endpoint = new LocalEndpoint(modules);
    const handlers = {
      request: (method: string, url: URL, _request: unknown, signal: AbortSignal) => endpoint.#answer(method, url, signal),
      socket: (websocket: WebSocket, url: URL) => endpoint.#connect(websocket, url),
    };
    endpoint.#server = await LoopbackServer.start({ ...options, maxBytes: 64 * 1024, maxSockets: 64 }, handlers, modules.log);
    return endpoint;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#server?.close();
  }

  async #answer(method: string, url: URL, gone: AbortSignal): Promise<unknown> {
    const window = method === 'GET' ? this.#window(url) : undefined;
    if (window === undefined) throw new CodedError('NO_SUCH_PATH', 'Only GET /v1/streams/{id}/rows is answered here.', { help: 'Copy the snippet from the page of the stream.' });
    if (window === null) throw new CodedError('NO_STREAM', 'This program does not read this stream now.', { help: 'Begin to read it in the app.' });
    const max = numberOf(url, 'max', 100, MAX_ROWS);
    const wait = numberOf(url, 'waitMs', 0, MAX_WAIT_MILLIS);
    const seq = cursorOf(url, window);
    if (wait > 0 && window.from(seq, 1).length === 0) await window.grown(AbortSignal.any([gone, this.#stop.signal, AbortSignal.timeout(wait)]));
    const rows = window.from(seq, max);
    return { rows: rows.map(jsonOf), next: String((rows.at(-1)?.seq ?? seq - 1n) + 1n) };
  }

  /** One message a row, from the cursor on. */
  #connect(websocket: WebSocket, url: URL): boolean {
    const window = this.#window(url);
    if (window === undefined || window === null) return false;
    let seq: bigint;
    try {
      seq = cursorOf(url, window);
    } catch {
      return false;
    }
    const closed = new AbortController();
    websocket.once('close', () => closed.abort());
    const done = AbortSignal.any([closed.signal, this.#stop.signal]);
    void (async () => {
      while (!done.aborted) {
        const rows = window.from(seq, 100);
        if (rows.length === 0) await window.grown(done);
        for (const row of rows) {
          websocket.send(JSON.stringify(jsonOf(row)));
          seq = row.seq + 1n;
        }
        while (websocket.bufferedAmount > MAX_BUFFERED_BYTES && websocket.readyState === websocket.OPEN) await new Promise((resolve) => setTimeout(resolve, DRAIN_MILLIS));
      }
    })();
    return true;
  }

  /** Undefined for another path, null for a stream that is not read. */
  #window(url: URL): RowWindow | null | undefined {
    const id = PATH.exec(url.pathname)?.[1];
    return id === undefined ? undefined : this.#modules.rows(fromHex(id));
  }
}

interface JsonRow {
  readonly seq: string;
  readonly time: string;
  readonly row: StreamRow['row'];
}

function jsonOf({ seq, timeMillis, row }: StreamRow): JsonRow {
  return { seq: seq.toString(), time: new Date(timeMillis).toISOString(), row };
}

/** A number of a row, `earliest`, or `live`, which is what it is when nothing is said. @throws BAD_CURSOR */
function cursorOf(url: URL, window: RowWindow): bigint {
  const text = url.searchParams.get('cursor') ?? 'live';
  if (text === 'live') return window.next;
  if (text === 'earliest') return 0n;
  if (!/^\d{1,20}$/.test(text)) throw new CodedError('BAD_CURSOR', 'The cursor is neither "live", "earliest" nor what the last answer gave as "next".', { help: 'Send "next" of the last answer.' });
  return BigInt(text);
}

/** @throws BAD_NUMBER */
function numberOf(url: URL, name: string, otherwise: number, most: number): number {
  const text = url.searchParams.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new CodedError('BAD_NUMBER', `"${name}" is not a whole number.`, { help: `Send a number up to ${most}.` });
  return Math.min(Number(text), most);
}
