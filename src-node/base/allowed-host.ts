import { isIP } from 'node:net';

const NO_NAMES: ReadonlySet<string> = new Set();

/**
 * Whether a request's Host header names this server by number or as localhost (docs/protocol/05 §1.2). A page of the web can
 * make its own name resolve to this computer, but then the browser sends that name. Absent is fine: browsers always send it.
 * @param names that the server answers to as well, in lower case
 */
export function isAllowedHost(header: string | undefined, names: ReadonlySet<string> = NO_NAMES): boolean {
  if (header === undefined || header === '') return true;
  const name = /^\[([^\]]+)\](?::\d+)?$/.exec(header)?.[1] ?? header.replace(/:\d*$/, '');
  return isIP(name) !== 0 || name.toLowerCase() === 'localhost' || names.has(name.toLowerCase());
}
