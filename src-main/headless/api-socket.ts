/** Carries the contract: frames of an authenticated WebSocket go to a port of the node and back, unread. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { WebSocketServer, type RawData } from 'ws';

/** The largest legitimate message is a keystore file or a description. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_SOCKETS = 32;
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

export interface ApiSocketModules {
  /** Gives the node one end of a connection. */
  readonly connect: (port: MessagePort) => void;
}

export class ApiSocket {
  readonly #connect: (port: MessagePort) => void;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });

  constructor(modules: ApiSocketModules) {
    this.#connect = modules.connect;
  }

  /** Takes over an upgrade request whose session was checked. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#server.clients.size >= MAX_SOCKETS) return void socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
    this.#server.handleUpgrade(request, socket, head, (websocket) => {
      const { port1, port2 } = new MessageChannel();
      this.#connect(port2);
      port1.on('message', (message: string | Uint8Array) => {
        // A reader that does not read is cut off; it reconnects and asks again.
        if (websocket.bufferedAmount > MAX_BUFFERED_BYTES) websocket.terminate();
        else websocket.send(message);
      });
      port1.on('close', () => websocket.close());
      websocket.on('message', (data: RawData, isBinary) => port1.postMessage(isBinary ? data : textOf(data)));
      websocket.on('close', () => port1.close());
      websocket.on('error', () => websocket.terminate());
    });
  }

  close(): void {
    for (const websocket of this.#server.clients) websocket.terminate();
    this.#server.close();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}
