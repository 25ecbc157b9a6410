import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpCallers } from '../access/http-callers.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import { isAllowedHost } from '../../base/allowed-host.ts';

/** Bytes of one request, over HTTP and WebSocket. */
export const MAX_REQUEST_BYTES = 128 * 1024;

export interface HttpModules {
  readonly dispatcher: Dispatcher;
  readonly callers: HttpCallers;
  /** Of the pages of the web that may read the answers. */
  readonly origins: ReadonlySet<string>;
}

/** Answers one HTTP request (docs/protocol/05 §1.2); with a token that is not this node's it is refused whatever it asks. */
export async function serveHttp(request: IncomingMessage, response: ServerResponse, { dispatcher, callers, origins }: HttpModules): Promise<void> {
  allowOrigin(request, response, origins);
  const refusal = refusalOf(request);
  if (refusal !== undefined) return end(response, ...refusal);
  const caller = callers.callerOf(request);
  if (caller === undefined) return end(response.setHeader('www-authenticate', 'Bearer'), 401, 'this is not the token of this node\n');
  if (request.method !== 'POST') return end(response, 200, '');
  const body = await readBody(request);
  if (body === undefined) return end(response, 413, `content length too large (>${MAX_REQUEST_BYTES})\n`);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const answer = await dispatcher.answer(body, { ...caller, link: 'http', closed: gone.signal });
  response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
}

/** What a browser wants to hear before a page of another origin may ask, and may read the answer. */
function allowOrigin({ headers, method }: IncomingMessage, response: ServerResponse, origins: ReadonlySet<string>): void {
  const { origin } = headers;
  if (origins.size > 0) response.setHeader('vary', 'origin');
  if (origin === undefined || !origins.has(origin.toLowerCase())) return;
  response.setHeader('access-control-allow-origin', origin);
  if (method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'POST, GET');
  response.setHeader('access-control-allow-headers', 'authorization, content-type');
  response.setHeader('access-control-max-age', '600');
}

function refusalOf(request: IncomingMessage): readonly [status: number, text: string] | undefined {
  const { method, headers } = request;
  if (!isAllowedHost(headers.host)) return [403, 'invalid host specified\n'];
  const isHealthCheck = method === 'GET' && Number(headers['content-length'] ?? 0) === 0 && request.url?.includes('?') !== true;
  if (isHealthCheck || method === 'OPTIONS') return undefined;
  if (method !== 'POST') return [405, 'method not allowed\n'];
  const length = Number(headers['content-length'] ?? 0);
  if (length > MAX_REQUEST_BYTES) return [413, `content length too large (${length}>${MAX_REQUEST_BYTES})\n`];
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' ? undefined : [415, 'invalid content type, only application/json is supported\n'];
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...(status === 413 ? { connection: 'close' } : {}) }).end(text);
}

/** The whole body as text, or undefined when it is too long. Rejects when the sender goes away. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_REQUEST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
