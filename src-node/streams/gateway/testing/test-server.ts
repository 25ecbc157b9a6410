/** A test gateway over real sockets, and connections that collect what they are sent. */
import { WebSocket } from 'ws';
import { silentLogger } from '../../../base/logger.ts';
import { systemClock } from '../../../base/clock.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { GatewayServer, type GatewayServerOptions } from '../http-server.ts';
import { decodeData } from '../binary-frames.ts';
import { clientFrameSchema, serverFrameSchema, SUBPROTOCOL, type ClientFrame, type ServerFrame } from '../wire.ts';
import { TestGateway, type TestGatewayOptions } from './test-gateway.ts';
import { socketProof } from './test-stream.ts';

export interface TestServer {
  readonly test: TestGateway;
  readonly server: GatewayServer;
  close(): Promise<void>;
}

export async function serve(options: TestGatewayOptions = {}, server: Partial<GatewayServerOptions> = {}): Promise<TestServer> {
  const test = await TestGateway.open({ clock: systemClock, ...options });
  const listening = await GatewayServer.listen({ host: '127.0.0.1', port: 0, ...server }, { gateway: test.gateway, logger: silentLogger });
  return {
    test,
    server: listening,
    close: async () => {
      await test.gateway.close();
      await listening.close();
    },
  };
}

export type Received = ServerFrame | { readonly type: 'DATA'; readonly offset: bigint; readonly cursor: string; readonly batch: Bytes };

export class TestSocket {
  readonly socket: WebSocket;
  readonly frames: Received[] = [];
  /** HTTP status of a connection that was refused. */
  refused: number | undefined;
  closedWith: number | undefined;
  #taken = 0;
  #wake: () => void = () => undefined;

  constructor(url: string, options: { readonly headers?: Record<string, string>; readonly keep?: boolean } = {}) {
    this.socket = new WebSocket(url, SUBPROTOCOL, { ...(options.headers === undefined ? {} : { headers: options.headers }) });
    this.socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      if (options.keep === false && isBinary) return;
      this.frames.push(isBinary ? { type: 'DATA', ...decodeData(bytes) } : serverFrameSchema.parse(JSON.parse(bytes.toString('utf8'))));
      this.#wake();
    });
    this.socket.on('unexpected-response', (_, response) => {
      this.refused = response.statusCode;
      this.#wake();
      this.socket.terminate();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => {
      this.closedWith = code;
      this.#wake();
    });
  }

  /** The next frame of a type that was not taken yet; those before it are passed over. */
  async take<Type extends Received['type']>(type: Type): Promise<Extract<Received, { type: Type }>> {
    for (;;) {
      while (this.#taken < this.frames.length) {
        const frame = this.frames[this.#taken++];
        if (frame?.type === type) return frame as Extract<Received, { type: Type }>;
      }
      if (this.closedWith !== undefined || this.refused !== undefined) throw new RangeError(`no ${type} before the end (${this.refused ?? this.closedWith ?? ''})`);
      await this.changed();
    }
  }

  /** Resolves with what the connection was closed with, or the status that it was refused with. */
  async ended(): Promise<number> {
    while (this.closedWith === undefined && this.refused === undefined) await this.changed();
    return this.refused ?? this.closedWith ?? 0;
  }

  send(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(clientFrameSchema.encode(frame)));
  }

  async authenticate(ticket: string): Promise<void> {
    const { challenge } = await this.take('HELLO');
    this.send({ type: 'AUTH', ticket, proof: socketProof(ticket, challenge) });
    await this.take('AUTHOK');
  }

  private changed(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
