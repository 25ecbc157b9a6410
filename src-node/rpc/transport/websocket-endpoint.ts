import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import type { RawData, WebSocket } from 'ws';
import type { Caller } from '../protocol/caller.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import { Session } from '../protocol/session.ts';
import { isAllowedHost } from '../../base/allowed-host.ts';

/** Bytes that wait for a slow reader before its connection is given up. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** Of pages of the web only those of the list may connect; programs may: they send no origin (docs/protocol/05 §1.3). */
export function isAllowedUpgrade({ headers }: IncomingMessage, origins: ReadonlySet<string>): boolean {
  const own = ['http://localhost', `http://${hostname().toLowerCase()}`];
  const origin = headers.origin?.toLowerCase();
  return isAllowedHost(headers.host) && (origin === undefined || own.includes(origin) || origins.has(origin));
}

/** Answers the requests of one connection and sends its notifications, until it closes. */
export function serveWebSocket(socket: WebSocket, dispatcher: Dispatcher, who: Pick<Caller, 'access' | 'allowance'>): void {
  const send = (text: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
    else socket.send(text);
  };
  const session = new Session(send);
  const caller: Caller = { ...who, session, link: 'http', closed: session.closed };
  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003, 'text only');
    else void dispatcher.answer(textOf(data), caller).then(send);
  });
  socket.on('close', () => session.close());
  socket.on('error', () => socket.terminate()); // a broken or oversized frame; 'close' follows
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');
}
