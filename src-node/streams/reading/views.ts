/** A reading as the window is told of it. */
import type { Hex } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { ErrorJson } from '../../base/errors.ts';
import type { VerifiedRow } from '../client/verified-row.ts';
import type { StreamPlanKind } from '../stream-chain.ts';

/**
 * `waiting-key`: rows came whose key has not. `cap`: stopped by the cap of today. `pay`: the gateway waits for a voucher.
 * `silent`: connected, and the publisher sends nothing. `failed`: it cannot go on by itself, `problem` says why.
 */
export type ReadingState = 'connecting' | 'live' | 'paused' | 'waiting-key' | 'pay' | 'cap' | 'silent' | 'ended' | 'failed';

/** A hole in what was delivered; nothing is paid for what did not come. */
export interface ReadingGap {
  /** First and last missing number; null while nothing came after it or nothing was missed. */
  readonly fromSeq: number | null;
  readonly toSeq: number | null;
  readonly from: Millis;
  /** Null while it lasts. */
  readonly to: Millis | null;
  readonly reason: 'publisher' | 'gateway' | 'retention' | 'refused' | 'fork' | 'paused';
}

export interface ReadingView {
  readonly state: ReadingState;
  readonly problem: ErrorJson | null;
  /** `name`: host and port. */
  readonly gateway: { readonly id: Hex; readonly name: string } | null;
  /** Others that could take over now. */
  readonly gatewaysReady: number;
  /** Messages a second over the last 10 s. */
  readonly ratePerSecond: number | null;
  /** From the publisher's seal to the verified row here. */
  readonly lagMillis: number | null;
  readonly epoch: number | null;
  readonly epochEndsAt: Millis | null;
  /** Of batches since the reading began. */
  readonly signature: 'valid' | 'refused' | 'none-yet';
  readonly batches: number;
  readonly refusedBatches: number;
  /** Of the last 24 h, newest last. */
  readonly gaps: readonly ReadingGap[];
  readonly lastSeq: number | null;
  readonly lastAt: Millis | null;
  /** When this was measured. */
  readonly at: Millis;
}

/** Amounts in base units. */
export interface SpendView {
  readonly kind: StreamPlanKind;
  readonly unitPrice: bigint;
  /** Signed for since midnight (UTC). */
  readonly spentToday: bigint;
  readonly capPerDay: bigint | null;
  readonly dayEndsAt: Millis;
  readonly deposit: bigint;
  /** Sum of the last voucher. */
  readonly signed: bigint;
  /** Of that already taken on the chain. */
  readonly paid: bigint;
  /** Delivered, verified and not yet signed for. */
  readonly owed: bigint;
  readonly window: number;
  readonly windowAmount: bigint;
  /** How long the deposit lasts at the rate of the last hour. */
  readonly lastsMillis: number | null;
  /** Highest mark of today's cap that is passed, in percent. */
  readonly warning: 50 | 80 | 100 | null;
}

/** `json-columns`: every column in every line in its declared type, with the schema beside the file. */
export type RecordingFormat = 'csv' | 'jsonl' | 'json-columns';

export interface RecordingView {
  readonly format: RecordingFormat;
  readonly state: 'running' | 'stopped' | 'failed';
  readonly folder: string;
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  readonly startedAt: Millis;
  readonly stoppedAt: Millis | null;
  readonly problem: ErrorJson | null;
}

export type ReadingEvent =
  | { readonly kind: 'rows'; readonly rows: readonly VerifiedRow[]; readonly skipped: number }
  | { readonly kind: 'gap'; readonly gap: ReadingGap }
  | { readonly kind: 'reading'; readonly reading: ReadingView }
  | { readonly kind: 'spend'; readonly spend: SpendView };
