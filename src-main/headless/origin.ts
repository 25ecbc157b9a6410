/** Requests must name this server as host, and come from its own pages: the guard against rebinding and other sites. */
import type { IncomingMessage } from 'node:http';

/** `hosts`: "127.0.0.1:8080" and the like. */
export function isOwnHost(request: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  return request.headers.host !== undefined && hosts.has(request.headers.host.toLowerCase());
}

export function isOwnOrigin(request: IncomingMessage, hosts: ReadonlySet<string>): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  try {
    const url = new URL(origin);
    return url.protocol === 'http:' && hosts.has(url.host);
  } catch {
    return false; // an origin that is no URL is not ours
  }
}
