/** Stands before a gateway on loopback and changes what it says: JSON of its answers, and frames of its sockets. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { SUBPROTOCOL } from '../../gateway/wire.ts';

export interface Lies {
  /** Of an answer to a request; the same when it is let through. */
  readonly answer?: (path: string, body: Record<string, unknown>) => unknown;
  /** Of a frame of text. */
  readonly frame?: (frame: Record<string, unknown>) => unknown;
  /** Requests that are not answered. */
  readonly silence?: (path: string) => boolean;
}

export class LyingGateway {
  /** May be changed at any time. */
  lies: Lies = {};
  readonly #port: number;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL });

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((request, response) => {
      void this.#ask(request).then(({ status, body }) => response.writeHead(status).end(body), () => response.destroy());
    });
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#join(client, request.url ?? ''));
    });
  }

  /** @param port of the gateway itself */
  static async listen(port: number): Promise<LyingGateway> {
    const gateway = new LyingGateway(port);
    await new Promise<void>((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #ask(request: IncomingMessage): Promise<{ readonly status: number; readonly body: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' && (name.startsWith('pd-') || name === 'content-type') ? [[name, value] as [string, string]] : []));
    const path = request.url ?? '';
    if (this.lies.silence?.(path) === true) return new Promise(() => undefined);
    const answer = await fetch(`http://127.0.0.1:${this.#port}${path}`, { method: request.method ?? 'GET', headers, ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }) });
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, body: JSON.stringify(this.lies.answer?.(path, body) ?? body) };
  }

  #join(client: WebSocket, path: string): void {
    const gateway = new WebSocket(`ws://127.0.0.1:${this.#port}${path}`, SUBPROTOCOL);
    const waiting: (() => void)[] = [];
    client.on('message', (data: Buffer, isBinary) => {
      const send = (): void => gateway.send(data, { binary: isBinary });
      if (gateway.readyState === WebSocket.OPEN) send();
      else waiting.push(send);
    });
    gateway.on('open', () => waiting.splice(0).forEach((send) => send()));
    gateway.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return client.send(data, { binary: true });
      const frame = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
      client.send(JSON.stringify(this.lies.frame?.(frame) ?? frame));
    });
    const end = (): void => {
      client.terminate();
      gateway.terminate();
    };
    for (const one of [client, gateway]) one.on('close', end).on('error', end);
  }
}
