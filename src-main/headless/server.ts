/** The headless shell's HTTP server on loopback: the page, the session, the files, and the socket of the contract. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';
import { CodedError, toCoded } from '../../src-node/base/errors.ts';
import type { Logger } from '../../src-node/base/logger.ts';
import type { ApiSocket } from './api-socket.ts';
import { sendFile, type OpenedFiles } from './download.ts';
import { SECURITY_HEADERS } from './headers.ts';
import { isOwnHost, isOwnOrigin } from './origin.ts';
import { COOKIE_NAME, type Sessions } from './session.ts';
import { receivePiece, uploadOffset, type UploadTarget } from './upload.ts';

export interface HeadlessOptions {
  readonly host: '127.0.0.1';
  /** 0 lets the system choose. */
  readonly port: number;
  /** Folder of the built page. */
  readonly page: string;
}

export interface HeadlessModules {
  readonly sessions: Sessions;
  readonly socket: ApiSocket;
  readonly files: { upload(uploadId: string): Promise<UploadTarget>; opened(orderId: string): Promise<OpenedFiles> };
  readonly log: Logger;
}

const MAX_BODY_BYTES = 4096;
const STATUS: Readonly<Record<string, number>> = { UPLOAD_RANGE: 409, UPLOAD_UNKNOWN: 404, FILE_UNKNOWN: 404, FILE_MISSING: 404, ORDER_UNKNOWN: 404, NOT_OPENED: 404, DISK_FULL: 507, FILE_TOO_LARGE: 413 };

export class HeadlessServer {
  readonly #options: HeadlessOptions;
  readonly #modules: HeadlessModules;
  readonly #server: Server;
  readonly #page: ReturnType<typeof sirv>;
  readonly #hosts = new Set<string>();

  constructor(options: HeadlessOptions, modules: HeadlessModules) {
    this.#options = options;
    this.#modules = modules;
    // A built file bears the fingerprint of its content in its name; the page names them and is asked for anew.
    this.#page = sirv(options.page, { etag: true, single: true, setHeaders: (response, path) => void response.setHeader('Cache-Control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache') });
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
      if (request.url === '/api' && this.#isTrusted(request) && isOwnOrigin(request, this.#hosts)) modules.socket.accept(request, socket, head);
      else socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
  }

  /** @returns "http://127.0.0.1:PORT". @throws PORT_IN_USE */
  async listen(): Promise<string> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => reject(new CodedError('PORT_IN_USE', `Port ${port} on ${host} cannot be opened.`, { help: 'Choose another with --port, or end the program that uses it.', cause: error })));
      this.#server.listen(port, host, resolve);
    });
    const { port: actual } = this.#server.address() as AddressInfo;
    for (const name of [host, 'localhost']) this.#hosts.add(`${name}:${actual}`);
    return `http://${host}:${actual}`;
  }

  async close(): Promise<void> {
    this.#modules.socket.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #isTrusted(request: IncomingMessage): boolean {
    return isOwnHost(request, this.#hosts) && this.#modules.sessions.accepts(request.headers.cookie);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    try {
      if (!isOwnHost(request, this.#hosts)) return end(response, 403);
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (url.pathname === '/session') return await this.#openSession(request, response);
      if (url.pathname.startsWith('/files/')) return await this.#files(request, response, decodeURIComponent(url.pathname.slice('/files/'.length)), url.searchParams.get('path'));
      if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405);
      this.#page(request, response, () => end(response, 404));
    } catch (error) {
      const coded = toCoded(error);
      this.#modules.log.info('request refused', { path: request.url?.split('?')[0], code: coded.code });
      if (response.headersSent) return void response.destroy();
      request.resume(); // what was not read of the request would keep the answer from being read
      end(response, STATUS[coded.code] ?? 400, JSON.stringify(coded.toJSON()));
    }
  }

  async #openSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || !isOwnOrigin(request, this.#hosts)) return end(response, 403);
    const token = this.#modules.sessions.redeem(codeIn(await bodyOf(request)));
    if (token === null) return end(response, this.#modules.sessions.accepts(request.headers.cookie) ? 204 : 401);
    response.setHeader('Set-Cookie', `${COOKIE_NAME}=${token}; HttpOnly; SameSite=Strict; Path=/`);
    end(response, 204);
  }

  async #files(request: IncomingMessage, response: ServerResponse, id: string, path: string | null): Promise<void> {
    if (!this.#isTrusted(request)) return end(response, 401);
    if (request.method === 'GET') return sendFile(await this.#modules.files.opened(id), path, response);
    if (!isOwnOrigin(request, this.#hosts) && request.method !== 'HEAD') return end(response, 403);
    if (request.method !== 'PUT' && request.method !== 'HEAD') return end(response, 405);
    const target = await this.#modules.files.upload(id);
    const offset = request.method === 'PUT' ? await receivePiece(request, target) : await uploadOffset(target);
    response.setHeader('Upload-Offset', offset);
    end(response, 204);
  }
}

function end(response: ServerResponse, status: number, body?: string): void {
  response.statusCode = status;
  if (body !== undefined) response.setHeader('Content-Type', 'application/json');
  response.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES) throw new CodedError('BODY_TOO_LARGE', 'The request is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function codeIn(body: string): string {
  try {
    const json: unknown = JSON.parse(body);
    return json !== null && typeof json === 'object' && 'code' in json && typeof json.code === 'string' ? json.code : '';
  } catch {
    return ''; // no code, so none that fits
  }
}
