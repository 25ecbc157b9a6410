import type { Bytes } from '../../base/bytes.ts';
import type { Millis, Seconds } from '../../base/clock.ts';
import type { TicketAction } from './wire.ts';

/** A connection as the operator sees it, once for each of its streams. */
export interface ConnectionFacts {
  readonly id: string;
  readonly action: TicketAction;
  readonly streamId: Bytes;
  readonly clientKey: Bytes;
  /** Address of the network that it comes from. */
  readonly network: string;
  readonly since: Millis;
  /** Of batches, to it or from it. */
  readonly bytes: number;
  /** Batches that it has not been given yet; null for a publisher. */
  readonly behind: bigint | null;
  /** From the arrival of the newest batch that came while it read until it was sent; null when none came, or it gives no credit. */
  readonly delayMillis: number | null;
  readonly expirySeconds: Seconds;
  /** `slow`: it gives no credit, or does not take what was sent. */
  readonly state: 'ok' | 'slow' | 'unpaid' | 'quota';
}
