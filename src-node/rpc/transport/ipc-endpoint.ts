/** JSON-RPC over a Unix socket or a named pipe: a stream of values each way, for programs of the same user (docs/protocol/05 §1.3). */
import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { CodedError } from '../../base/errors.ts';
import { Allowance } from '../protocol/allowance.ts';
import type { Caller } from '../protocol/caller.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import { Session } from '../protocol/session.ts';
import { MAX_REQUEST_BYTES } from './http-endpoint.ts';
import { JsonStream } from './json-stream.ts';

export type IpcErrorCode = 'IPC_TAKEN' | 'IPC_FAILED';

/** Bytes that wait for a slow reader before its connection is given up. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const MAX_CONNECTIONS = 64;
/** Requests of one connection that are worked on at the same time; what comes after them is read later. */
const MAX_UNDER_WAY = 32;
const NO_VALUE = `${JSON.stringify({ jsonrpc: '2.0', error: { code: -32600, message: `a request is a JSON object or list of at most ${MAX_REQUEST_BYTES} bytes` } })}\n`;

export class IpcEndpoint {
  readonly path: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(path: string, dispatcher: Dispatcher) {
    this.path = path;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      serve(socket, dispatcher);
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * Listens at the path, which this user alone may use; what a killed program left there is replaced.
   * @throws IPC_TAKEN when another program listens there, IPC_FAILED
   */
  static async start(path: string, dispatcher: Dispatcher): Promise<IpcEndpoint> {
    if (await isListening(path)) throw new CodedError<IpcErrorCode>('IPC_TAKEN', 'Another program answers at the socket of JSON-RPC.', { help: 'Close the other program that uses this data folder.', meta: { path } });
    const endpoint = new IpcEndpoint(path, dispatcher);
    const isFile = process.platform !== 'win32';
    try {
      if (isFile) await rm(path, { force: true });
      endpoint.#server.listen(path);
      await once(endpoint.#server, 'listening');
      if (isFile) await chmod(path, 0o600);
    } catch (error) {
      await endpoint.close(); // others might use a socket whose rights could not be set
      throw new CodedError<IpcErrorCode>('IPC_FAILED', 'The socket of JSON-RPC could not be opened.', { help: 'Choose a data folder with a shorter path that may be written to.', meta: { path }, cause: error });
    }
    return endpoint;
  }

  /** Ends all connections and removes the socket. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function serve(socket: Socket, dispatcher: Dispatcher): void {
  const stream = new JsonStream(MAX_REQUEST_BYTES);
  const decoder = new TextDecoder();
  let underWay = 0;
  const send = (text: string): void => {
    if (socket.destroyed) return;
    if (socket.writableLength > MAX_BUFFERED_BYTES) socket.destroy();
    else socket.write(text);
  };
  const session = new Session(send);
  const caller: Caller = { access: 'private', allowance: new Allowance(), session, link: 'socket', closed: session.closed }; // whoever may open the socket is this user
  const answer = async (text: string): Promise<void> => {
    if (++underWay >= MAX_UNDER_WAY) socket.pause();
    send(await dispatcher.answer(text, caller));
    if (--underWay < MAX_UNDER_WAY) socket.resume();
  };
  socket.on('data', (data) => {
    const values = stream.push(decoder.decode(data, { stream: true }));
    if (values === undefined) socket.end(NO_VALUE);
    else for (const value of values) void answer(value);
  });
  socket.on('close', () => session.close());
  socket.on('error', () => socket.destroy());
}

async function isListening(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // nothing there, or what a killed program left
  } finally {
    socket.destroy();
  }
}
