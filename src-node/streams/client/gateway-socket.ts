/** A socket of one gateway (docs/protocol/11 §4.13): open means that the gateway let us in. Frames go to the handlers in the order in which they come. */
import type { Socket } from 'node:net';
import { WebSocket, type RawData } from 'ws';
import { equal, type Bytes } from '../../base/bytes.ts';
import { CodedError, isCoded, toCoded } from '../../base/errors.ts';
import { decodeData, encodePub } from '../gateway/binary-frames.ts';
import { SUBPROTOCOL, clientFrameSchema, serverFrameSchema, type ClientFrame, type ServerFrame, type SignedReceipt } from '../gateway/wire.ts';
import { refusalOf, type GatewayClient } from './gateway-client.ts';

export interface SocketData {
  readonly offset: bigint;
  /** To read on behind this batch; holds at this gateway only. */
  readonly cursor: string;
  readonly batch: Bytes;
}

export interface SocketHandlers {
  onData(data: SocketData): void;
  /** All but those that the socket answers itself. */
  onFrame(frame: ServerFrame): void;
}

interface WaitingPublish {
  readonly resolve: (receipt: SignedReceipt) => void;
  readonly reject: (error: CodedError) => void;
}

const OPEN_MILLIS = 15_000;
const PING_MILLIS = 5000;
/** So many pings while nothing comes at all, and the other side is gone: 10 to 15 s. */
const SILENT_PINGS = 2;
const MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

export class GatewaySocket {
  readonly #websocket: WebSocket;
  readonly #handlers: SocketHandlers;
  readonly #publishing: WaitingPublish[] = [];
  /** Below the WebSocket: a long message that is on its way is an answer, too. */
  #connection: Socket | null = null;
  #received = 0;
  #unanswered = 0;
  #reason: CodedError | undefined;
  /** When the connection is over, with why. */
  readonly closed: Promise<CodedError>;

  private constructor(websocket: WebSocket, handlers: SocketHandlers) {
    this.#websocket = websocket;
    this.#handlers = handlers;
    this.closed = new Promise((resolve) => {
      const ping = setInterval(() => this.#ping(), PING_MILLIS);
      websocket.once('upgrade', ({ socket }) => (this.#connection = socket));
      websocket.once('close', () => {
        clearInterval(ping);
        const reason = this.#reason ?? new CodedError('GATEWAY_UNREACHABLE', 'The connection to the gateway ended.', { help: 'It is opened again.' });
        for (const { reject } of this.#publishing.splice(0)) reject(reason);
        resolve(reason);
      });
    });
  }

  /** @throws GATEWAY_UNREACHABLE, WRONG_GATEWAY, and what the gateway refuses with */
  static async open(client: GatewayClient, handlers: SocketHandlers, signal: AbortSignal): Promise<GatewaySocket> {
    const websocket = new WebSocket(`${client.endpoint.replace(/^http/, 'ws')}/v1/ws`, SUBPROTOCOL, { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, handshakeTimeout: OPEN_MILLIS, followRedirects: false, generateMask });
    const socket = new GatewaySocket(websocket, handlers);
    const giveUp = (): void => websocket.terminate();
    signal.addEventListener('abort', giveUp, { once: true });
    const timer = setTimeout(giveUp, OPEN_MILLIS);
    try {
      await socket.#logIn(client, signal);
      return socket;
    } catch (error) {
      websocket.terminate();
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      void socket.closed.then(() => signal.removeEventListener('abort', giveUp));
    }
  }

  send(frame: ClientFrame): void {
    this.#websocket.send(JSON.stringify(clientFrameSchema.encode(frame)));
  }

  /** Several may be on their way: the gateway answers in their order. @throws what it refuses with; GATEWAY_UNREACHABLE */
  publish(batch: Bytes, options: { readonly gap: boolean }): Promise<SignedReceipt> {
    return new Promise((resolve, reject) => {
      if (this.#websocket.readyState !== WebSocket.OPEN) return reject(this.#reason ?? new CodedError('GATEWAY_UNREACHABLE', 'The connection to the gateway is over.', { help: 'It is opened again.' }));
      this.#publishing.push({ resolve, reject });
      this.#websocket.send(encodePub(batch, options));
    });
  }

  close(): void {
    if (this.#websocket.readyState === WebSocket.OPEN) this.send({ type: 'BYE' });
    this.#websocket.terminate();
  }

  async #logIn(client: GatewayClient, signal: AbortSignal): Promise<void> {
    const frames: ServerFrame[] = [];
    let wake: () => void = () => undefined;
    let isIn = false;
    this.#websocket.on('error', (error) => this.#end(new CodedError('GATEWAY_UNREACHABLE', `The gateway at ${client.endpoint} cannot be used now.`, { help: 'It is tried again; another gateway of the stream is used meanwhile if there is one.', meta: { endpoint: client.endpoint }, cause: error })));
    this.#websocket.on('message', (data: RawData, isBinary) => {
      try {
        if (isBinary) return this.#handlers.onData(decodeData(bytesOf(data)));
        const frame = serverFrameSchema.parse(JSON.parse(bytesOf(data).toString('utf8')));
        if (isIn) return this.#take(frame);
        frames.push(frame);
        isIn = frame.type === 'AUTHOK';
        wake();
      } catch (error) {
        this.#end(isCoded(error) ? error : new CodedError('BAD_FRAME', 'A gateway sent what this program does not know.', { help: 'Use another gateway of the stream, or a newer version of this program.', cause: error }));
      }
    });
    const next = async (): Promise<ServerFrame> => {
      while (frames.length === 0) {
        const ended = await Promise.race([this.closed, new Promise<null>((resolve) => (wake = () => resolve(null)))]);
        if (ended !== null) throw ended;
      }
      const frame = frames.shift();
      if (frame?.type === 'ERR') throw refusalOf(frame) ?? toCoded(frame);
      return frame ?? next();
    };
    const hello = await next();
    if (hello.type !== 'HELLO' || !equal(hello.gatewayId, client.gatewayId)) throw new CodedError('WRONG_GATEWAY', 'What answers at the address of this gateway is another one.', { help: 'Use another gateway of the stream, and tell the operator.', meta: { endpoint: client.endpoint } });
    const { ticket, proof } = await client.proveSocket(hello.challenge, signal);
    this.send({ type: 'AUTH', ticket, proof });
    const answer = await next();
    if (answer.type !== 'AUTHOK') throw new CodedError('BAD_FRAME', 'A gateway did not answer as it should.', { help: 'Use another gateway of the stream.' });
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'PING') return this.send({ type: 'PONG' });
    if (frame.type === 'PONG') return;
    if (frame.type === 'PUBOK') return this.#publishing.shift()?.resolve(frame.receipt);
    if (frame.type === 'ERR' && frame.about === 'PUB') return this.#publishing.shift()?.reject(refusalOf(frame) ?? toCoded(frame));
    this.#handlers.onFrame(frame);
  }

  #ping(): void {
    if (this.#websocket.readyState !== WebSocket.OPEN) return;
    const received = this.#connection?.bytesRead ?? 0;
    if (received !== this.#received) this.#unanswered = 0;
    this.#received = received;
    if (++this.#unanswered > SILENT_PINGS) return this.#websocket.terminate();
    this.send({ type: 'PING' });
  }

  #end(reason: CodedError): void {
    this.#reason ??= reason;
    this.#websocket.terminate();
  }
}

/**
 * The mask of RFC 6455 §10.3 keeps pages of the web from choosing what proxies see. This is a program, which needs no WebSocket for that, and
 * batches are ciphertext: with zeros neither side goes over every byte.
 */
function generateMask(mask: Buffer): void {
  mask.fill(0);
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
