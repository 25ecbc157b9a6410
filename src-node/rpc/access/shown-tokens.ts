import type { IncomingMessage } from 'node:http';

/** How a page of the web shows the token, which cannot set headers at a WebSocket: as a sub-protocol. */
const PROTOCOL_PREFIX = 'bearer.';

/** All tokens that a request shows, in its header or as a sub-protocol; what is no bearer token is shown as it is, and fits none. */
export function shownTokens({ headers }: Pick<IncomingMessage, 'headers'>): readonly string[] {
  const { authorization, 'sec-websocket-protocol': protocols = '' } = headers;
  const offered = protocols.split(',').map((name) => name.trim()).filter((name) => name.startsWith(PROTOCOL_PREFIX));
  return [...(authorization === undefined ? [] : [/^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? authorization]), ...offered.map((name) => name.slice(PROTOCOL_PREFIX.length))];
}

/** The sub-protocol that is answered: a browser wants one of those that it offered, and the token need not come back when there is another. */
export function chooseProtocol(offered: ReadonlySet<string>): string | false {
  return [...offered].find((name) => !name.startsWith(PROTOCOL_PREFIX)) ?? [...offered][0] ?? false;
}
