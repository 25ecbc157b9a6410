/** The shape of a REST call: what it takes, what it answers, and who may make it. The served description is made from these. */
import type { z } from 'zod';
import type { Bytes } from '../../base/bytes.ts';
import type { GatewayErrorCode } from './error-codes.ts';
import type { Holder } from './tickets.ts';

/** A request as any carrier gives it. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Reads the body, of at most so many bytes. @throws body_too_large, quota_bytes, bad_request */
  readonly body: (limit: number) => Promise<Bytes>;
  /** Address of the network that it comes from. */
  readonly network: string;
  /** Aborts when the asker is gone. */
  readonly signal: AbortSignal;
}

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RouteCall {
  /** What the path names, a stream or a channel; 32 bytes. */
  readonly id: Bytes;
  readonly query: Readonly<Record<string, string>>;
  readonly request: GatewayRequest;
  readonly body: Bytes;
}

export interface TicketCall extends RouteCall {
  /** Of the ticket that the request proves. */
  readonly holder: Holder;
}

export interface RouteAnswer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RouteFacts {
  readonly method: 'GET' | 'POST';
  /** With `{id}` for a stream's or channel's. */
  readonly path: string;
  readonly summary: string;
  /** Of the values in the query. */
  readonly query?: z.ZodObject;
  readonly takes?: z.ZodType;
  /** Whether it also takes the bytes themselves. */
  readonly takesBytes?: true;
  /** Null for text. */
  readonly gives: z.ZodType | null;
  /** Its own, beside those of every call. */
  readonly refuses: readonly GatewayErrorCode[];
}

export interface OpenRoute extends RouteFacts {
  readonly ticket: 'none';
  readonly run: (call: RouteCall) => Promise<RouteAnswer>;
}

export interface TicketRoute extends RouteFacts {
  /** Whose ticket has to come with it. */
  readonly ticket: 'any' | 'publish' | 'subscribe';
  readonly run: (call: TicketCall) => Promise<RouteAnswer>;
}

export type Route = OpenRoute | TicketRoute;
