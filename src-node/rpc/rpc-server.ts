import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CodedError, toCoded } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { RpcBackend } from './backend.ts';
import { BlockFeed } from './filters/block-feed.ts';
import { FilterRegistry } from './filters/filter-registry.ts';
import { allMethods } from './methods/table.ts';
import { Dispatcher } from './protocol/dispatcher.ts';
import { MAX_REQUEST_BYTES, serveHttp } from './transport/http-endpoint.ts';
import { isAllowedUpgrade, serveWebSocket } from './transport/websocket-endpoint.ts';

export type RpcServerErrorCode = 'PORT_TAKEN' | 'SERVER_FAILED';

export interface RpcServerOptions {
  /** On loopback; 0 lets the system choose. */
  readonly port: number;
}

const HOST = '127.0.0.1';
const LIMITS = { connections: 256, requestMillis: 5_000, idleMillis: 120_000 } as const;

/** JSON-RPC 2.0 over HTTP and WebSocket, on one port, for programs on this computer (docs/protocol/05 §1). */
export class RpcServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #feed: BlockFeed;
  readonly #filters: FilterRegistry;
  readonly #dispatcher: Dispatcher;
  readonly #logger: Logger;

  private constructor(backend: RpcBackend) {
    this.#logger = backend.logger;
    this.#feed = new BlockFeed(backend);
    this.#filters = new FilterRegistry({ backend, feed: this.#feed });
    this.#dispatcher = new Dispatcher(allMethods(backend, this.#feed, this.#filters), backend);
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES });
    this.#http = createServer({ requestTimeout: LIMITS.requestMillis, keepAliveTimeout: LIMITS.idleMillis }, (request, response) => {
      serveHttp(request, response, this.#dispatcher).catch((error: unknown) => {
        this.#logger.debug('A request over HTTP broke off', { reason: toCoded(error).message });
        response.destroy();
      });
    });
    this.#http.maxConnections = LIMITS.connections;
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @throws CodedError<RpcServerErrorCode> */
  static async start(options: RpcServerOptions, backend: RpcBackend): Promise<RpcServer> {
    const server = new RpcServer(backend);
    try {
      server.#http.listen(options.port, HOST);
      await once(server.#http, 'listening');
    } catch (error) {
      await server.close();
      throw listenError(error, options.port);
    }
    return server;
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
    this.#http.closeAllConnections();
    if (this.#http.listening) await new Promise((resolve) => this.#http.close(resolve));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isAllowedUpgrade(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (connection) => serveWebSocket(connection, this.#dispatcher));
  }
}

function listenError(error: unknown, port: number): CodedError<RpcServerErrorCode> {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return isTaken
    ? new CodedError('PORT_TAKEN', `Port ${port} is used by another program.`, { help: 'Choose another port for JSON-RPC.', cause: error })
    : new CodedError('SERVER_FAILED', 'The JSON-RPC server did not start.', { help: 'Look at the details; choose another port.', cause: error });
}
