import type { Bytes } from '../../base/bytes.ts';

/** A connection of a reader or publisher, whatever carries it. */
export interface SocketLink {
  send(text: string): void;
  /** One binary message out of two pieces: a batch is not copied for its head. */
  sendBatch(head: Bytes, batch: Bytes): void;
  /** Bytes that wait to be taken by the other side. */
  readonly buffered: number;
  /** Resolves when few wait, or when the signal aborts. */
  drained(signal: AbortSignal): Promise<void>;
  /** After what was sent. */
  close(code: number, reason: string): void;
  terminate(): void;
}
