/** The two carriers of the contract: a WebSocket to the headless shell, a MessagePort from Electron's preload. */
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { LinkSwitch, type Connection } from './connection.ts';
import { isDesktop } from './desktop.ts';
import { openSession, takeCode } from './session.ts';

const PORT_MESSAGE = 'cpchain:port';
const RETRY_MILLIS = { first: 300, most: 5000 } as const;

export function connect(): Connection {
  return isDesktop ? connectPort() : connectSocket();
}

function connectPort(): Connection {
  const connection = new LinkSwitch();
  addEventListener('message', (event: MessageEvent<unknown>) => {
    const [port] = event.ports;
    if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return;
    const link = new PortLink({ port });
    port.start();
    connection.opened(link);
  });
  return connection;
}

function connectSocket(): Connection {
  const connection = new LinkSwitch();
  const code = takeCode(location, history);
  void keepConnected(connection, code);
  return connection;
}

async function keepConnected(connection: LinkSwitch, firstCode: string): Promise<void> {
  let code = firstCode;
  let pause: number = RETRY_MILLIS.first;
  for (;;) {
    const session = await openSession(code);
    if (session === 'refused') return connection.closed('refused');
    if (session === 'accepted') {
      code = '';
      const wasOpen = await oneSocket(connection);
      if (wasOpen) pause = RETRY_MILLIS.first;
    }
    connection.closed('lost');
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, RETRY_MILLIS.most);
  }
}

/** Resolves when the socket is closed, with whether it ever was open. */
function oneSocket(connection: LinkSwitch): Promise<boolean> {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api`);
  let wasOpen = false;
  return new Promise((resolve) => {
    socket.addEventListener('open', () => {
      wasOpen = true;
      connection.opened(new SocketLink({ websocket: socket }));
    });
    socket.addEventListener('close', () => resolve(wasOpen));
  });
}
