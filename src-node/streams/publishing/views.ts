/** What the publisher's desk shows of a stream, in the words of the chain: addresses and ids as hex, amounts in base units. */
import type { Hex } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { ErrorJson } from '../../base/errors.ts';
import type { StreamPlanKind } from '../stream-chain.ts';
import type { RecordingName } from './recordings.ts';

export type PublishingState = 'publishing' | 'silent' | 'off' | 'locked' | 'registering' | 'failed' | 'ended';

export interface PublishingStatus {
  /**
   * `locked`: the publisher's key opens with the wallet once after a start; rows are taken meanwhile. `registering`: the description,
   * which names the columns, is on its way. `silent`: nothing came in the last while, or no gateway takes it.
   */
  readonly state: PublishingState;
  readonly problem: ErrorJson | null;
  readonly subscribers: number;
  readonly ratePerSecond: number | null;
  /** Newest message that a gateway has. */
  readonly lastSeq: number | null;
  /** Messages on this machine that no gateway has. */
  readonly unsent: number;
}

export type SourceState = 'running' | 'waiting' | 'stopped' | 'failed';

export interface SourceStatus {
  readonly id: string;
  readonly kind: SourceSettings['kind'];
  readonly state: SourceState;
  readonly address: string;
  readonly needsToken: boolean;
  readonly taken: number;
  readonly refused: number;
  readonly ratePerSecond: number | null;
  readonly lastAt: Millis | null;
  readonly problem: ErrorJson | null;
}

export interface MqttSettings {
  readonly url: string;
  readonly topicFilter: string;
  readonly username: string | null;
}

/** As it is kept; passwords are not among it. */
export type SourceSettings =
  | { readonly kind: 'post' | 'socket' }
  | { readonly kind: 'file'; readonly path: string; readonly format: 'csv' | 'jsonl' }
  | { readonly kind: 'mqtt'; readonly settings: MqttSettings }
  | { readonly kind: 'replay'; readonly data: RecordingName; readonly speed: number };

export interface SubscriberStatus {
  readonly channel: Hex;
  readonly payer: Hex;
  readonly kind: StreamPlanKind;
  /** Plans by time: when the last second ends that was signed for. */
  readonly paidUntil: Millis | null;
  readonly signed: bigint;
  readonly owed: bigint;
  /** Keys are out up to then: nothing after it can be read by who is revoked now. */
  readonly keysUntil: Millis;
  readonly state: 'reading' | 'away' | 'unpaid' | 'revoked' | 'closing';
  readonly since: Millis;
}

export interface GatewayProgress {
  readonly gateway: Hex;
  /** Newest message it has a receipt for. */
  readonly acknowledgedSeq: number | null;
  readonly connected: boolean;
}

export interface HourOfUse {
  readonly from: Millis;
  readonly messages: number;
  readonly bytes: number;
  /** Most that could read at once. */
  readonly readers: number;
}

export interface PublishingDetails {
  readonly generation: number;
  readonly epoch: number;
  readonly epochEndsAt: Millis;
  /** Keys are out up to this epoch. */
  readonly handedOutTo: number;
  readonly runId: string | null;
  readonly gateways: readonly GatewayProgress[];
  readonly sources: readonly SourceStatus[];
  readonly subscribers: readonly SubscriberStatus[];
  readonly usage: readonly HourOfUse[];
}
