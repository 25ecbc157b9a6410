/** The publisher's desk of streams: what is published from this machine, by which devices, to whom, and what it brings. */
import { z } from 'zod';
import type { ErrorJson } from '../../base/errors.ts';
import { addressSchema, amountSchema, hashSchema, idSchema, procedure, type, type Address, type Amount, type Hash, type Time } from './base.ts';
import { CATEGORIES } from './market.ts';
import type { Proposal } from './proposal.ts';
import { streamColumnSchema, type StreamCard, type StreamColumn, type StreamGatewayView, type StreamPlanKind, type StreamPlanView } from './streams.ts';

export const newStreamSchema = z.object({
  owner: addressSchema,
  title: z.string().trim().min(3).max(120),
  titleZh: z.string().trim().max(120).optional(),
  summary: z.string().trim().max(300),
  description: z.string().max(20_000),
  category: z.enum(CATEGORIES),
  tags: z.array(z.string().trim().min(1).max(40)).max(12),
  columns: z.array(streamColumnSchema).min(1).max(64),
  plan: z.object({ kind: z.enum(['period', 'metered']), unitPrice: amountSchema, window: z.number().int().min(1).max(1_000_000) }),
  licenceId: z.string().max(20),
  /** Whole seconds; fixed for good, for the numbers of epochs follow from it. */
  epochSeconds: z.number().int().min(10).max(86_400),
  ahead: z.number().int().min(0).max(6),
  /** Null: no free sample. */
  peekDelaySeconds: z.number().int().min(60).max(7 * 86_400).nullable(),
  gateways: z.array(hashSchema).min(1).max(8),
  /** How often the program writes on the chain how far the stream is, for which the sheet gives the permission; null: never. */
  checkpoints: z.enum(['hour', 'day']).nullable(),
});
export type NewStream = z.infer<typeof newStreamSchema>;

/** What brings messages in. A source is told "taken" only when the message is on this machine's disk. */
export type SourceKind = 'post' | 'socket' | 'file' | 'mqtt' | 'replay';

export const mqttSchema = z.object({
  /** "mqtt://host:1883" or "mqtts://…". */
  url: z.string().trim().max(300).regex(/^mqtts?:\/\/[^\s@]+$/),
  topicFilter: z.string().trim().min(1).max(200),
  username: z.string().max(100).nullable(),
  /** Kept encrypted; null leaves the one that is kept. */
  password: z.string().max(200).nullable(),
});
export type MqttSettings = z.infer<typeof mqttSchema>;

export const newSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('post') }),
  z.object({ kind: z.literal('socket') }),
  /** Lines that are added to a file of this machine. */
  z.object({ kind: z.literal('file'), path: z.string().min(1).max(4096), format: z.enum(['csv', 'jsonl']) }),
  z.object({ kind: z.literal('mqtt'), settings: mqttSchema }),
  /** Recorded rows of flights or weather at the speed they were recorded, times `speed`. */
  z.object({ kind: z.literal('replay'), data: z.enum(['flights', 'weather']), speed: z.number().min(0.1).max(1000) }),
]);
export type NewSource = z.infer<typeof newSourceSchema>;

export interface SourceView {
  readonly id: string;
  readonly kind: SourceKind;
  readonly state: 'running' | 'waiting' | 'stopped' | 'failed';
  /** Where devices send to, the path of the file, the broker and its topics, or the name of the recording. */
  readonly address: string;
  /** Devices need a token, which `sourceToken` gives. */
  readonly needsToken: boolean;
  readonly taken: number;
  /** Did not fit the declared columns; `problem` says what was wrong with the newest. */
  readonly refused: number;
  readonly ratePerSecond: number | null;
  readonly lastAt: Time | null;
  readonly problem: ErrorJson | null;
}

export interface SubscriberView {
  readonly channel: Hash;
  readonly payer: Address;
  readonly kind: StreamPlanKind;
  /** Period plans: until when the signed voucher pays. Null for a plan by message. */
  readonly paidUntil: Time | null;
  readonly signed: Amount;
  /** Delivered and not signed for. */
  readonly owed: Amount;
  /** Keys are out up to then: a revocation now acts at that moment. */
  readonly keysUntil: Time;
  readonly state: 'reading' | 'away' | 'unpaid' | 'revoked' | 'closing';
  readonly since: Time;
}

export interface PublishedStream {
  readonly card: StreamCard;
  readonly publisher: Address;
  /** `locked`: the publisher's key opens with the wallet once after a start. `off`: nothing is published now. */
  readonly state: 'publishing' | 'silent' | 'off' | 'locked' | 'registering' | 'failed' | 'ended';
  readonly problem: ErrorJson | null;
  readonly subscribers: number;
  readonly ratePerSecond: number | null;
  /** Newest message that a gateway has, and messages on this machine that none has yet. */
  readonly lastSeq: number | null;
  readonly unsent: number;
  readonly earned: Amount;
  readonly redeemable: Amount;
}

export interface PublishedStreamView extends PublishedStream {
  readonly columns: readonly StreamColumn[];
  readonly plans: readonly StreamPlanView[];
  readonly epochMillis: number;
  readonly ahead: number;
  readonly peekDelayMillis: number | null;
  readonly keys: { readonly generation: number; readonly epoch: number; readonly epochEndsAt: Time; /** Keys are out up to this epoch. */ readonly handedOutTo: number; /** Drawn at this start of publishing. */ readonly runId: string | null };
  readonly gatewayList: readonly (StreamGatewayView & { /** Newest message it has a receipt for. */ readonly acknowledgedSeq: number | null; readonly connected: boolean })[];
  readonly checkpoints: {
    /** What this machine writes; null: nothing. */
    readonly plan: { readonly every: 'hour' | 'day'; readonly until: Time } | null;
    /** The newest on the chain, from 1; null before the first, and while the chain cannot be asked. */
    readonly last: { readonly number: number; readonly at: Time; readonly lastSeq: number } | null;
  };
  readonly sources: readonly SourceView[];
  readonly subscriberList: readonly SubscriberView[];
  /** By hour, of the last 24, oldest first. */
  readonly usage: readonly { readonly from: Time; readonly messages: number; readonly bytes: number; readonly readers: number }[];
}

export interface StreamDesk {
  readonly streams: readonly PublishedStream[];
  /** Signed by subscribers, of all streams: redeemed and not. */
  readonly earned: Amount;
  /** Signed and not yet taken on the chain. */
  readonly redeemable: Amount;
  /** What the redeeming would cost now, at most. */
  readonly redeemFee: Amount | null;
  readonly earnedByDay: readonly { readonly day: string; readonly amount: Amount }[];
}

/** Each thing that was tried, in its order. */
export interface TestReport {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

const streamInput = z.object({ id: hashSchema });
const sourceInput = z.object({ id: hashSchema, source: idSchema });

export const streamDesk = {
  view: procedure.output(type<StreamDesk>()),
  /** @throws STREAM_UNKNOWN, NOT_YOUR_STREAM */
  stream: procedure.input(streamInput).output(type<PublishedStreamView>()),
  /** Those that a new stream can name: bonded on the chain, the own one first. */
  gateways: procedure.output(type<readonly StreamGatewayView[]>()),
  /** What one checkpoint costs at the price of gas of now. */
  checkpointFee: procedure.output(type<Amount>()),
  /** One sheet: registers stream, publisher's key, plan and gateways. @throws INSUFFICIENT_FUNDS, GATEWAY_UNKNOWN, WALLET_LOCKED */
  prepareCreate: procedure.input(newStreamSchema).output(type<Proposal>()),
  /** `end` takes no more messages for good; `new-generation` draws new keys after one was lost; `redeem` takes what subscribers signed. @throws NOTHING_TO_REDEEM, STREAM_ENDED */
  prepare: procedure.input(z.object({ id: hashSchema, action: z.enum(['end', 'new-generation', 'redeem']) })).output(type<Proposal>()),
  /** @throws GATEWAY_UNKNOWN */
  prepareGateways: procedure.input(z.object({ id: hashSchema, gateways: z.array(hashSchema).min(1).max(8) })).output(type<Proposal>()),
  /** Publishing on this machine. @throws WALLET_LOCKED, PUBLISHER_ELSEWHERE when another run published a moment ago */
  setPublishing: procedure.input(z.object({ id: hashSchema, on: z.boolean() })).output(type<PublishedStreamView>()),
  /** @throws FILE_MISSING, NO_PERMISSION, MQTT_REFUSED, BAD_COLUMNS when the file's head does not fit */
  addSource: procedure.input(z.object({ id: hashSchema, source: newSourceSchema })).output(type<PublishedStreamView>()),
  setSource: procedure.input(sourceInput.extend({ running: z.boolean() })).output(type<PublishedStreamView>()),
  removeSource: procedure.input(sourceInput).output(type<PublishedStreamView>()),
  /** Each call makes a new one and ends the one before. */
  sourceToken: procedure.input(sourceInput).output(type<{ readonly token: string }>()),
  /** Connects, subscribes and takes one message if one comes within 3 s; leaves nothing behind. Never throws for what the broker says. */
  testMqtt: procedure.input(mqttSchema).output(type<TestReport>()),
  /** No further key goes to this channel. @returns when it acts, which is when the keys that are out end; what was delivered cannot be called back */
  revoke: procedure.input(z.object({ id: hashSchema, channel: hashSchema })).output(type<{ readonly actsAt: Time; readonly epoch: number }>()),
};
