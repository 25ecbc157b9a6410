/** Carries a gateway over HTTP and WebSocket; no rule of the gateway stands here. */
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { isAllowedHost } from '../../base/allowed-host.ts';
import { EMPTY_BYTES, concat, u16be, u64be, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { BodyIntake, type BodyBounds } from './body-intake.ts';
import type { Gateway } from './gateway.ts';
import { networkOf } from './network.ts';
import { refusal, toRefusal } from './refusal.ts';
import { refusalResponse } from './refusal-response.ts';
import type { GatewayRequest, GatewayResponse } from './route.ts';
import type { SocketLink } from './socket-link.ts';
import type { SocketSession } from './socket-session.ts';
import { HEADERS, MAX_BATCH_BYTES, SUBPROTOCOL } from './wire.ts';

export interface GatewayServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Names that the server answers to beside numbers and localhost, in lower case. */
  readonly hosts?: ReadonlySet<string>;
  /** Pages of the web that may read the answers; none unless named. */
  readonly origins?: ReadonlySet<string>;
  /** Whether a proxy in front says who asks, in X-Forwarded-For. */
  readonly behindProxy?: boolean;
  readonly bodyBytes?: BodyBounds;
  /** PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_MILLIS = 10_000;
const REQUEST_MILLIS = 60_000;
const KEEP_ALIVE_MILLIS = 65_000;
const MAX_CONNECTIONS = 20_000;
/** A reader gets the next batch when less than this waits for it. */
const DRAINED_BYTES = 64 * 1024;
const TOO_LARGE = 413;
const CLOSING_MILLIS = 1000;

export class GatewayServer {
  readonly #gateway: Gateway;
  readonly #options: GatewayServerOptions;
  readonly #logger: Logger;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #intake: BodyIntake;

  private constructor(options: GatewayServerOptions, modules: { readonly gateway: Gateway; readonly logger: Logger }) {
    this.#options = options;
    this.#gateway = modules.gateway;
    this.#logger = modules.logger;
    const limits = { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_MILLIS, requestTimeout: REQUEST_MILLIS, keepAliveTimeout: KEEP_ALIVE_MILLIS };
    this.#server = options.tls === undefined ? createPlainServer(limits) : createTlsServer({ ...limits, ...options.tls });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: 2 * MAX_BATCH_BYTES, perMessageDeflate: false, handleProtocols: (protocols) => (protocols.has(SUBPROTOCOL) ? SUBPROTOCOL : false) });
    this.#intake = new BodyIntake(options.bodyBytes);
    if (options.behindProxy !== true) this.#server.on('connection', (socket) => this.#admit(socket));
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @throws PORT_UNAVAILABLE */
  static async listen(options: GatewayServerOptions, modules: { readonly gateway: Gateway; readonly logger: Logger }): Promise<GatewayServer> {
    const server = new GatewayServer(options, modules);
    await new Promise<void>((resolve, reject) => {
      const failed = (cause: Error): void => reject(new CodedError('PORT_UNAVAILABLE', `The gateway cannot listen at ${options.host}:${options.port}.`, { help: 'Choose another port, or close the program that uses it.', cause }));
      server.#server.once('error', failed);
      server.#server.listen(options.port, options.host, () => {
        server.#server.off('error', failed);
        resolve();
      });
    });
    return server;
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  get url(): string {
    const { host, tls } = this.#options;
    return `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  /** Of bodies of requests that are not answered yet. */
  get bodyBytes(): number {
    return this.#intake.bytes;
  }

  /** Takes no more requests and closes what is open; the gateway was closed before, so its answers are out. */
  async close(): Promise<void> {
    const done = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const late = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
      this.#server.closeAllConnections();
    }, CLOSING_MILLIS);
    this.#server.closeIdleConnections();
    await done;
    clearTimeout(late);
    this.#sockets.close();
  }

  #admit(socket: Socket): void {
    try {
      socket.once('close', this.#gateway.admitConnection(socket.remoteAddress ?? ''));
    } catch {
      socket.destroy(); // it has more than its share; to say so would cost what is to be saved
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#allowOrigin(request, response);
      if (!isAllowedHost(request.headers.host, this.#options.hosts)) return end(response, refusalResponse(refusal('host_refused')));
      if (request.method === 'OPTIONS') return void response.writeHead(204).end();
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const asked = this.#requestOf(request);
      const answer = await this.#gateway.request({ ...asked, body: (limit) => this.#intake.read(request, networkOf(asked.network), limit, gone.signal), signal: gone.signal });
      if (answer.status === TOO_LARGE) response.setHeader('connection', 'close');
      end(response, answer);
      request.resume(); // what was not read is dropped, for who sends it would not hear the answer otherwise
    } catch (error) {
      this.#logger.debug('a request broke off', { cause: error instanceof Error ? error.message : '' });
      response.destroy();
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    try {
      const { origin } = request.headers;
      if (!isAllowedHost(request.headers.host, this.#options.hosts) || (origin !== undefined && this.#options.origins?.has(origin.toLowerCase()) !== true)) throw refusal('host_refused');
      const take = this.#gateway.admitSocket({ ...this.#requestOf(request), body: () => Promise.resolve(EMPTY_BYTES), signal: new AbortController().signal });
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#connected(webSocket, socket, take));
    } catch (error) {
      const { status, headers, body } = refusalResponse(toRefusal(error));
      const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
      socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    }
  }

  #connected(socket: WebSocket, carrier: Duplex, take: (link: SocketLink) => SocketSession): void {
    let session: SocketSession;
    try {
      session = take(new WebSocketLink(socket, carrier));
    } catch (error) {
      return socket.close(1013, toRefusal(error).code);
    }
    socket.on('message', (data, isBinary) => (isBinary ? session.binary(bytesOf(data)) : session.text(Buffer.from(bytesOf(data)).toString('utf8'))));
    socket.on('close', () => this.#gateway.disconnected(session));
    socket.on('error', () => socket.terminate()); // a broken or oversized frame; 'close' follows
  }

  #requestOf(request: IncomingMessage): Omit<GatewayRequest, 'body' | 'signal'> {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
    const forwarded = this.#options.behindProxy === true ? headers['x-forwarded-for']?.split(',').at(-1)?.trim() : undefined;
    return { method: request.method ?? 'GET', target: request.url ?? '/', headers, network: forwarded ?? request.socket.remoteAddress ?? '' };
  }

  /** What a browser wants to hear before a page of another origin may ask, and may read the answer. */
  #allowOrigin({ headers, method }: IncomingMessage, response: ServerResponse): void {
    const { origins } = this.#options;
    if (origins === undefined || origins.size === 0) return;
    response.setHeader('vary', 'origin');
    if (headers.origin === undefined || !origins.has(headers.origin.toLowerCase())) return;
    response.setHeader('access-control-allow-origin', headers.origin);
    response.setHeader('access-control-expose-headers', `${HEADERS.owed}, retry-after`);
    if (method !== 'OPTIONS') return;
    response.setHeader('access-control-allow-methods', 'POST, GET');
    response.setHeader('access-control-allow-headers', ['content-type', HEADERS.ticket, HEADERS.time, HEADERS.random, HEADERS.proof].join(', '));
    response.setHeader('access-control-max-age', '600');
  }
}

class WebSocketLink implements SocketLink {
  readonly #socket: WebSocket;
  readonly #carrier: Duplex;
  #onDrained: (() => void)[] = [];

  /** @param carrier of the WebSocket's bytes */
  constructor(socket: WebSocket, carrier: Duplex) {
    this.#socket = socket;
    this.#carrier = carrier;
  }

  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text, () => this.#sent());
  }

  /** As the WebSocket would, which takes one piece of memory only: without compression it writes a message at once, so none is torn by this one. */
  sendBatch(head: Bytes, batch: Bytes): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#carrier.cork();
    this.#carrier.write(concat(binaryFrameHead(head.length + batch.length), head));
    this.#carrier.write(batch, () => this.#sent());
    this.#carrier.uncork();
  }

  #sent(): void {
    if (this.buffered > DRAINED_BYTES) return;
    const waiting = this.#onDrained;
    this.#onDrained = [];
    for (const wake of waiting) wake();
  }

  async drained(signal: AbortSignal): Promise<void> {
    if (this.buffered <= DRAINED_BYTES || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#onDrained.push(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** Of one whole binary message of a server (RFC 6455 §5.2). @param length at least 126, as every batch has */
function binaryFrameHead(length: number): Bytes {
  return length < 65_536 ? concat(Uint8Array.of(0x82, 126), u16be(length)) : concat(Uint8Array.of(0x82, 127), u64be(length));
}

function end(response: ServerResponse, { status, headers, body }: GatewayResponse): void {
  response.writeHead(status, { ...headers, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).end(body);
}

function bytesOf(data: RawData): Bytes {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : new Uint8Array(data);
}
