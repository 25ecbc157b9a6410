import { isIP } from 'node:net';

/**
 * Whether a request's Host header names this server by number or as localhost (docs/protocol/05 §1.2). A page of the web can
 * make its own name resolve to this computer, but then the browser sends that name. Absent is fine: browsers always send it.
 */
export function isAllowedHost(header: string | undefined): boolean {
  if (header === undefined || header === '') return true;
  const name = /^\[([^\]]+)\](?::\d+)?$/.exec(header)?.[1] ?? header.replace(/:\d*$/, '');
  return isIP(name) !== 0 || name.toLowerCase() === 'localhost';
}
