/** What gateways, publishers and readers know of a stream from the chain (docs/protocol/11 §4.11-§4.13). */
import type { Bytes } from '../base/bytes.ts';
import type { Millis, Seconds } from '../base/clock.ts';

export interface StreamContracts {
  readonly stream: Bytes;
  readonly channel: Bytes;
  readonly gateway: Bytes;
}

export type StreamStatus = 'registered' | 'ended';
/** `period`: a unit is a second. `metered`: a unit is a message. */
export type StreamPlanKind = 'period' | 'metered';

export interface StreamPlan {
  readonly planId: number;
  readonly planHash: Bytes;
  readonly kind: StreamPlanKind;
  /** Base units a unit. */
  readonly unitPrice: bigint;
  /** Units that may be delivered before they are signed for. */
  readonly window: number;
  readonly licenceHash: Bytes;
  readonly splitHash: Bytes;
  readonly active: boolean;
}

export interface StreamRecord {
  readonly streamId: Bytes;
  readonly owner: Bytes;
  /** The account whose signature stands under every batch. */
  readonly publisher: Bytes;
  readonly status: StreamStatus;
  readonly generation: number;
  readonly epochSeconds: Seconds;
  /** Epochs that keys are handed out ahead. */
  readonly ahead: number;
  /** When epoch 0 began: a whole number of epochs since 1970. */
  readonly startSeconds: Seconds;
  readonly metaHash: Bytes;
  readonly metaUri: string;
  readonly gateways: readonly Bytes[];
}

export type ChannelStatus = 'open' | 'closing' | 'closed';

export interface ChannelRecord {
  readonly channelId: Bytes;
  readonly streamId: Bytes;
  readonly planHash: Bytes;
  readonly payer: Bytes;
  /** Address that signs vouchers and tickets of this channel. */
  readonly payerKey: Bytes;
  readonly status: ChannelStatus;
  readonly deposit: bigint;
  readonly paid: bigint;
  readonly expirySeconds: Seconds;
}

export interface GatewayRecord {
  readonly gatewayId: Bytes;
  readonly owner: Bytes;
  readonly signer: Bytes;
  readonly endpoints: readonly string[];
  readonly status: 'bonded' | 'paused' | 'leaving' | 'left';
  readonly logId: bigint;
}

/** What a checkpoint of a stream says. */
export interface CheckpointRecord {
  /** From 1. */
  readonly number: number;
  readonly timeSeconds: Seconds;
  readonly generation: number;
  readonly epoch: number;
  readonly lastSeq: bigint;
  readonly lastBatchHash: Bytes;
}

/** Reads by the state of the head. All may throw CHAIN_UNREACHABLE. */
export interface StreamChain {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  readonly contracts: StreamContracts;
  head(): { readonly number: bigint; readonly timeMillis: Millis } | null;
  onHead(listener: () => void): () => void;
  stream(streamId: Bytes): Promise<StreamRecord | null>;
  plan(streamId: Bytes, planHash: Bytes): Promise<StreamPlan | null>;
  channel(channelId: Bytes): Promise<ChannelRecord | null>;
  gateway(gatewayId: Bytes): Promise<GatewayRecord | null>;
}

/** As a publisher needs it beside. */
export interface PublisherChain extends StreamChain {
  /** The newest; null before the first one. */
  lastCheckpoint(streamId: Bytes): Promise<CheckpointRecord | null>;
}
