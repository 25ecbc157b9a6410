import { rpcError } from './errors.ts';

export type RequestId = string | number | null;

export interface RpcRequest {
  readonly id: RequestId;
  readonly method: string;
  /** Undefined when the request has none. */
  readonly params: unknown;
}

/** One request or a batch. */
export type Message = RpcRequest | readonly RpcRequest[];

/** Requests of one batch. */
export const MAX_BATCH = 100;

/** @throws BAD_JSON, BAD_MESSAGE: one bad element fails a whole batch */
export function parseMessage(text: string): Message {
  const value = parseJson(text);
  if (!Array.isArray(value)) return requestOf(value);
  if (value.length > MAX_BATCH) throw rpcError('BAD_MESSAGE', `batch too large: at most ${MAX_BATCH} requests`);
  return value.map(requestOf);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw rpcError('BAD_JSON', jsonFault(text, error instanceof Error ? error.message : ''));
  }
}

function jsonFault(text: string, reason: string): string {
  if (text.trim() === '') return 'EOF';
  const position = /at position (\d+)/.exec(reason)?.[1];
  const isCut = position === undefined ? reason.includes('end of JSON') : Number(position) >= text.trimEnd().length;
  return isCut ? 'unexpected EOF' : 'invalid JSON';
}

function requestOf(value: unknown): RpcRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw rpcError('BAD_MESSAGE', 'invalid request');
  const { id, method, params } = value as Record<string, unknown>;
  if (id === undefined) throw rpcError('BAD_MESSAGE', 'missing request id');
  if (id !== null && typeof id !== 'string' && typeof id !== 'number') throw rpcError('BAD_MESSAGE', 'invalid request id');
  if (method !== undefined && typeof method !== 'string') throw rpcError('BAD_MESSAGE', 'invalid request');
  return { id, method: method ?? '', params };
}
