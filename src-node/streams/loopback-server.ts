/** HTTP and WebSocket for programs of this computer: only on 127.0.0.1, only with the token in a header, answers in JSON. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { CodedError, isCoded, toCoded } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';

export interface LoopbackOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** Of at least 32 letters, never in an address; or which of several are taken now. */
  readonly token: string | ((token: string) => boolean);
  /** Of a request's body or of one message. */
  readonly maxBytes: number;
  readonly maxSockets: number;
}

export interface LoopbackHandlers {
  /** @returns what is answered as JSON. @throws CodedError that is answered under its status */
  request(method: string, url: URL, request: IncomingMessage, signal: AbortSignal): Promise<unknown>;
  /** @returns false for a path that has no socket */
  socket(websocket: WebSocket, url: URL): boolean;
}

/** By the code of the error; all else that is coded is 400. */
const STATUS: Readonly<Record<string, number>> = { UNAUTHORISED: 401, NO_SUCH_PATH: 404, NO_STREAM: 404, BODY_TOO_LARGE: 413, SPOOL_FULL: 503, GATEWAY_UNREACHABLE: 503, INTERNAL: 500 };
const RETRY_SECONDS = 5;
const MIN_TOKEN_LETTERS = 32;

export class LoopbackServer {
  readonly #options: LoopbackOptions;
  readonly #handlers: LoopbackHandlers;
  readonly #log: Logger;
  readonly #server: Server;
  readonly #sockets: WebSocketServer;

  private constructor(options: LoopbackOptions, handlers: LoopbackHandlers, log: Logger) {
    this.#options = options;
    this.#handlers = handlers;
    this.#log = log;
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: options.maxBytes, perMessageDeflate: false });
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(request, socket, head));
  }

  /** @throws PORT_TAKEN */
  static async start(options: LoopbackOptions, handlers: LoopbackHandlers, log: Logger): Promise<LoopbackServer> {
    if (typeof options.token === 'string' && options.token.length < MIN_TOKEN_LETTERS) throw new CodedError('WEAK_TOKEN', `A token has at least ${MIN_TOKEN_LETTERS} letters.`, { help: 'Let the program make one.' });
    const server = new LoopbackServer(options, handlers, log);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', (error) => reject(new CodedError('PORT_TAKEN', `Port ${options.port} of this computer cannot be used.`, { help: 'Choose another port.', cause: error })));
      server.#server.listen(options.port, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const websocket of this.#sockets.clients) websocket.terminate();
    this.#sockets.close();
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      this.#checkToken(request);
      reply(response, 200, await this.#handlers.request(request.method ?? '', urlOf(request), request, gone.signal));
    } catch (error) {
      const coded = toCoded(error);
      if (!isCoded(error) && !gone.signal.aborted) this.#log.error('a request of a program of this computer failed', { path: urlOf(request).pathname }, error);
      reply(response, STATUS[coded.code] ?? 400, { error: coded.toJSON() });
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    try {
      this.#checkToken(request);
    } catch {
      return void socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    }
    if (this.#sockets.clients.size >= this.#options.maxSockets) return void socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    this.#sockets.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on('error', () => websocket.terminate());
      if (!this.#handlers.socket(websocket, urlOf(request))) websocket.close(1008, 'no such path');
    });
  }

  /** Compares digests, which have one length whatever was sent. */
  #checkToken(request: IncomingMessage): void {
    const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const { token } = this.#options;
    if (!(typeof token === 'string' ? timingSafeEqual(digestOf(given), digestOf(token)) : token(given))) {
      throw new CodedError('UNAUTHORISED', 'The token is missing or wrong.', { help: 'Send the header "Authorization: Bearer" with the token that the app shows.' });
    }
  }
}

/** All of it as text. @throws BODY_TOO_LARGE */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) throw new CodedError('BODY_TOO_LARGE', `A request holds at most ${maxBytes} bytes.`, { help: 'Send it in smaller parts.' });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What is no address is that of nothing. */
function urlOf(request: IncomingMessage): URL {
  const base = 'http://127.0.0.1';
  const target = request.url ?? '/';
  return new URL(URL.canParse(target, base) ? target : '/', base);
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...(status === 503 ? { 'Retry-After': RETRY_SECONDS } : {}), ...(status === 413 ? { Connection: 'close' } : {}) });
  response.end(text);
}
