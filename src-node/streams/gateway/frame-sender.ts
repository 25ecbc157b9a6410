import type { Bytes } from '../../base/bytes.ts';
import type { CodedError } from '../../base/errors.ts';
import type { GatewayErrorCode } from './error-codes.ts';
import type { GatewayCore } from './gateway-core.ts';
import { errorAnswer } from './refusal.ts';
import type { SocketLink } from './socket-link.ts';
import { serverFrameSchema, type ServerFrame } from './wire.ts';

export type ErrorAbout = Extract<ServerFrame, { type: 'ERR' }>['about'];
export type ByeReason = Extract<ServerFrame, { type: 'BYE' }>['reason'];

/** Control frames that a connection does not take end it. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Sends the control frames of one connection. */
export class FrameSender {
  readonly #core: GatewayCore;
  readonly #link: SocketLink;
  readonly #closed: AbortSignal;

  /** @param closed aborts when the connection is gone */
  constructor(core: GatewayCore, link: SocketLink, closed: AbortSignal) {
    this.#core = core;
    this.#link = link;
    this.#closed = closed;
  }

  send(frame: ServerFrame): void {
    this.text(frameText(frame));
  }

  /** A frame as `frameText` gave it. */
  text(text: string): void {
    if (this.#closed.aborted) return;
    if (this.#link.buffered > MAX_BUFFERED_BYTES) return this.#link.terminate();
    this.#link.send(text);
  }

  error(about: ErrorAbout, error: CodedError<GatewayErrorCode>, cause: unknown = error, stream: Bytes | null = null): void {
    this.#core.metrics.refused(error.code);
    if (error.code === 'internal') this.#core.logger.error('a frame of a socket failed', { about }, cause);
    this.send({ type: 'ERR', about, stream, ...errorAnswer(error) });
  }
}

export function frameText(frame: ServerFrame): string {
  return JSON.stringify(serverFrameSchema.encode(frame));
}
