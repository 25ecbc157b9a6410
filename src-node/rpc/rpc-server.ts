import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CodedError, toCoded } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { AccessToken } from './access/access-token.ts';
import { HttpCallers } from './access/http-callers.ts';
import { chooseProtocol } from './access/shown-tokens.ts';
import type { RpcBackend } from './backend.ts';
import { BlockFeed } from './filters/block-feed.ts';
import { FilterRegistry } from './filters/filter-registry.ts';
import { reasonDeclined } from './methods/declined.ts';
import { allMethods } from './methods/table.ts';
import { Dispatcher } from './protocol/dispatcher.ts';
import { MAX_REQUEST_BYTES, serveHttp } from './transport/http-endpoint.ts';
import { IpcEndpoint } from './transport/ipc-endpoint.ts';
import { isAllowedUpgrade, serveWebSocket } from './transport/websocket-endpoint.ts';

export type RpcServerErrorCode = 'PORT_TAKEN' | 'SERVER_FAILED';

export interface RpcServerOptions {
  /** On loopback; 0 lets the system choose. */
  readonly port: number;
  /** Path of a Unix socket, or name of a pipe on Windows, to be reached by as well. Default: none. */
  readonly ipcPath?: string;
  /** Pages of the web that may ask, by their whole origins ("https://example.org"). Default: none. */
  readonly origins?: readonly string[];
  /** Authorises programs for private methods over HTTP and WebSocket. Default: nobody is, but over the socket. */
  readonly token?: AccessToken;
}

const HOST = '127.0.0.1';
const LIMITS = { connections: 256, requestMillis: 5_000, idleMillis: 120_000 } as const;

/** JSON-RPC 2.0 over HTTP and WebSocket, on one port, and over IPC, for programs on this computer (docs/protocol/05 §1). */
export class RpcServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #feed: BlockFeed;
  readonly #filters: FilterRegistry;
  readonly #dispatcher: Dispatcher;
  readonly #logger: Logger;

  readonly #origins: ReadonlySet<string>;
  readonly #callers: HttpCallers;
  readonly #tokenPath: string | null;
  #ipc: IpcEndpoint | undefined;

  private constructor(backend: RpcBackend, { origins = [], token }: RpcServerOptions) {
    this.#logger = backend.logger;
    this.#origins = new Set(origins);
    this.#callers = new HttpCallers(origins, token);
    this.#tokenPath = token?.path ?? null;
    this.#feed = new BlockFeed(backend);
    this.#filters = new FilterRegistry({ backend, feed: this.#feed });
    this.#dispatcher = new Dispatcher(allMethods(backend, this.#feed, this.#filters), { logger: backend.logger, tokenPath: token?.path }, reasonDeclined);
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES, handleProtocols: chooseProtocol });
    this.#http = createServer({ requestTimeout: LIMITS.requestMillis, keepAliveTimeout: LIMITS.idleMillis }, (request, response) => {
      serveHttp(request, response, { dispatcher: this.#dispatcher, callers: this.#callers, origins: this.#origins }).catch((error: unknown) => {
        this.#logger.debug('A request over HTTP broke off', { reason: toCoded(error).message });
        response.destroy();
      });
    });
    this.#http.maxConnections = LIMITS.connections;
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @throws CodedError<RpcServerErrorCode>, CodedError<IpcErrorCode> */
  static async start(options: RpcServerOptions, backend: RpcBackend): Promise<RpcServer> {
    const server = new RpcServer(backend, options);
    try {
      server.#http.listen(options.port, HOST);
      await once(server.#http, 'listening');
    } catch (error) {
      await server.close();
      throw listenError(error, options.port);
    }
    try {
      if (options.ipcPath !== undefined) server.#ipc = await IpcEndpoint.start(options.ipcPath, server.#dispatcher);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** Where programs of the same user reach it without a port; null when that was not asked for. */
  get ipcPath(): string | null {
    return this.#ipc?.path ?? null;
  }

  /** File of the token that authorises programs; null when there is none. */
  get tokenPath(): string | null {
    return this.#tokenPath;
  }

  /** "http://127.0.0.1:PORT"; the same with "ws:" takes subscriptions. */
  get url(): string {
    return `http://${HOST}:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    this.#filters.close();
    this.#feed.close();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    await this.#ipc?.close();
    this.#http.closeAllConnections();
    if (this.#http.listening) await new Promise((resolve) => this.#http.close(resolve));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const caller = this.#callers.callerOf(request);
    if (!isAllowedUpgrade(request, this.#origins)) return refuseUpgrade(socket, '403 Forbidden');
    if (caller === undefined) return refuseUpgrade(socket, '401 Unauthorized');
    const { access } = caller;
    this.#sockets.handleUpgrade(request, socket, head, (connection) => serveWebSocket(connection, this.#dispatcher, { access, allowance: this.#callers.allowanceFor(access) }));
  }
}

/** Nobody else listens to this connection any more: it may break off, and it does not wait for its asker to close it. */
function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}

function listenError(error: unknown, port: number): CodedError<RpcServerErrorCode> {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return isTaken
    ? new CodedError('PORT_TAKEN', `Port ${port} is used by another program.`, { help: 'Choose another port for JSON-RPC.', cause: error })
    : new CodedError('SERVER_FAILED', 'The JSON-RPC server did not start.', { help: 'Look at the details; choose another port.', cause: error });
}
