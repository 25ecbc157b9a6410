/** What the operator sees of the gateway of this program. */
import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { CodedError } from '../../base/errors.ts';
import type { ConnectionFacts } from '../gateway/connection-facts.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';
import type { LogBounds } from '../log/engine.ts';
import type { OwnGatewayChoices } from './settings.ts';

export type OwnGatewayState = 'off' | 'starting' | 'running' | 'failed';

/** One stream that is kept here. */
export interface OwnTopic {
  readonly streamId: Bytes;
  /** Of the log: a topic of Kafka, a folder of the built-in engine. */
  readonly topic: string;
  /** Null while the log does not answer. */
  readonly bounds: LogBounds | null;
  readonly bytes: number | null;
  readonly retentionMillis: Millis;
  readonly inBytesPerSecond: number;
  readonly outBytesPerSecond: number;
  readonly lastAt: Millis | null;
  /** Base units. */
  readonly owed: bigint;
}

export interface OwnGatewayFacts {
  readonly state: OwnGatewayState;
  readonly problem: CodedError | null;
  readonly listens: string | null;
  readonly registration: GatewayEntry | null;
  readonly choices: OwnGatewayChoices;
  /** `ok`: the one in use works; `problem` may be that of a move that was broken off. */
  readonly engine: { readonly ok: boolean; readonly problem: CodedError | null; readonly usedBytes: number | null; readonly checkedAt: Millis | null };
  readonly topics: readonly OwnTopic[];
  readonly connections: readonly ConnectionFacts[];
  readonly sockets: number;
  readonly memoryBytes: number;
}
