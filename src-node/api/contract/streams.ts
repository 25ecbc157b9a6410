/**
 * Streams as a reader meets them (docs/protocol/11 §4.10-§4.13): found in the market, looked at by a free sample, subscribed to
 * through a payment channel, read live. The program itself holds the keys: what comes to the window is verified and decrypted.
 * Sequence numbers are exact to 2^53, which a stream of a million messages a second reaches after 285 years.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import type { ErrorJson } from '../../base/errors.ts';
import { addressSchema, amountSchema, hashSchema, procedure, type, type Address, type Amount, type Hash, type Time } from './base.ts';
import { CATEGORIES } from './market.ts';
import type { Proposal } from './proposal.ts';

export interface StreamsStatus {
  /** As `MarketStatus.contracts`, of the three contracts of streams. */
  readonly contracts: 'ready' | 'missing' | 'deploying';
  readonly addresses: { readonly stream: Address; readonly channel: Address; readonly gateway: Address } | null;
  readonly indexedBlock: number | null;
  readonly headBlock: number | null;
  readonly streams: number;
  /** From asking for the rest of a deposit until it can be taken back. */
  readonly closeMillis: number | null;
  /** Least bond of a gateway. */
  readonly minGatewayBond: Amount | null;
}

/** Declared once by the publisher; every message is checked against it. */
export const streamColumnSchema = z.object({
  name: z.string().trim().regex(/^[A-Za-z_][\w.]{0,39}$/),
  type: z.enum(['integer', 'number', 'text', 'boolean', 'time']),
  /** As it stands behind a figure: "°C", "m/s". */
  unit: z.string().trim().max(20).nullable(),
});
export type StreamColumn = z.infer<typeof streamColumnSchema>;

/** A cell: `time` in milliseconds since the epoch; null where the message has none. */
export type StreamValue = number | string | boolean | null;

export interface StreamRow {
  readonly seq: number;
  /** When the publisher sealed it, by his clock. */
  readonly at: Time;
  /** In the order of the columns. */
  readonly values: readonly StreamValue[];
  /** What does not fit the columns: its text, or "0x" and its first octets; at most 1 KiB. Null where the values say all. */
  readonly raw: string | null;
}

/** `period`: a unit is a second, paid one key window ahead. `metered`: a unit is a message, paid after it was verified. */
export type StreamPlanKind = 'period' | 'metered';

export interface StreamPlanView {
  readonly planId: number;
  readonly kind: StreamPlanKind;
  /** Base units a second or a message. */
  readonly unitPrice: Amount;
  /** Units that may be delivered and not yet signed for: what one side can lose. */
  readonly window: number;
  readonly licenceId: string;
  readonly active: boolean;
}

export interface StreamCard {
  readonly id: Hash;
  /** Null while the publisher's text is on its way, with `textState` saying so. */
  readonly title: string | null;
  readonly titleZh: string | null;
  readonly summary: string | null;
  readonly textState: 'ready' | 'on-its-way' | 'invalid';
  readonly textReason: string | null;
  readonly category: string;
  readonly tags: readonly string[];
  readonly owner: Address;
  readonly status: 'registered' | 'ended';
  readonly columns: readonly StreamColumn[];
  /** The active plans, cheapest first. */
  readonly plans: readonly StreamPlanView[];
  /** What the first gateway that answered said, and when; null before any did. */
  readonly measured: { readonly ratePerSecond: number | null; readonly lastAt: Time | null; readonly gateway: string; readonly at: Time } | null;
  readonly gateways: number;
  readonly createdAt: Time;
  readonly mine: boolean;
  /** The newest open channel of this wallet, so that "Subscribe" turns into "Open". */
  readonly mySubscription: Hash | null;
  /** Heights 0..1: messages in each of the last 40 intervals of 15 s, as the gateway counted; empty when unknown. */
  readonly print: readonly number[];
}

export interface StreamGatewayView {
  readonly id: Hash;
  /** Host and port of its first endpoint. */
  readonly name: string;
  readonly endpoints: readonly string[];
  readonly owner: Address;
  readonly bond: Amount;
  /** `other`: it answered as another gateway than the chain says, and is not used. `behind`: it lacks what others have. */
  readonly state: 'unasked' | 'ready' | 'behind' | 'unreachable' | 'other' | 'paused' | 'leaving';
  readonly roundTripMillis: number | null;
  /** Newest message there. */
  readonly headSeq: number | null;
  readonly askedAt: Time | null;
  readonly problem: ErrorJson | null;
  /** It runs inside this program. */
  readonly mine: boolean;
}

export interface StreamView extends StreamCard {
  readonly description: string | null;
  /** The account whose signature stands under every batch. */
  readonly publisher: Address;
  readonly generation: number;
  readonly epochMillis: number;
  /** Epochs that keys are handed out ahead: a revocation acts within (ahead + 1) epochs. */
  readonly ahead: number;
  /** How long gateways keep what was published. */
  readonly retentionMillis: number | null;
  /** A free sample that is this much older than the stream; null when there is none. */
  readonly peekDelayMillis: number | null;
  readonly gatewayList: readonly StreamGatewayView[];
  /** As of a listing. */
  readonly licence: { readonly id: string; readonly title: string; readonly text: string; readonly template: { readonly id: string; readonly grants: readonly string[]; readonly limits: readonly string[] } | null } | null;
}

export interface StreamPeek {
  /** Newest first; verified like paid rows. */
  readonly rows: readonly StreamRow[];
  readonly gateway: string;
  readonly readAt: Time;
}

/** A hole in what was delivered; nothing is paid for what did not come. */
export interface StreamGap {
  /** First and last missing sequence number; null while nothing came after it or nothing was missed. */
  readonly fromSeq: number | null;
  readonly toSeq: number | null;
  readonly from: Time;
  /** Null while it lasts. */
  readonly to: Time | null;
  /** `retention`: no longer kept when it was asked for. `refused`: it came and did not verify. `fork`: the publisher signed two. */
  readonly reason: 'publisher' | 'gateway' | 'retention' | 'refused' | 'fork' | 'paused';
}

/**
 * `waiting-key`: rows came whose key has not. `cap`: stopped by the cap of today. `pay`: the gateway waits for a voucher.
 * `silent`: connected, and the publisher sends nothing. `failed`: it cannot go on by itself, `problem` says why.
 */
export type ReadingState = 'connecting' | 'live' | 'paused' | 'waiting-key' | 'pay' | 'cap' | 'silent' | 'ended' | 'failed';

export interface StreamReading {
  readonly state: ReadingState;
  readonly problem: ErrorJson | null;
  readonly gateway: { readonly id: Hash; readonly name: string } | null;
  /** Others that could take over now. */
  readonly gatewaysReady: number;
  /** Messages a second over the last 10 s. */
  readonly ratePerSecond: number | null;
  /** From the publisher's seal to the verified row here; includes what the two clocks differ by. */
  readonly lagMillis: number | null;
  readonly epoch: number | null;
  readonly epochEndsAt: Time | null;
  /** Of batches since the reading began: `refused` when one was not. */
  readonly signature: 'valid' | 'refused' | 'none-yet';
  readonly batches: number;
  readonly refusedBatches: number;
  /** Of the last 24 h, newest last, at most 100. */
  readonly gaps: readonly StreamGap[];
  readonly lastSeq: number | null;
  readonly lastAt: Time | null;
  /** When this was measured. */
  readonly at: Time;
}

export interface StreamSpend {
  readonly kind: StreamPlanKind;
  readonly unitPrice: Amount;
  /** Signed for since midnight (UTC). */
  readonly spentToday: Amount;
  /** Nothing more is signed today beyond it. */
  readonly capPerDay: Amount | null;
  readonly dayEndsAt: Time;
  readonly deposit: Amount;
  /** Sum of the last voucher: what the publisher may take of the deposit. */
  readonly signed: Amount;
  /** Of that already taken on the chain. */
  readonly paid: Amount;
  /** Delivered, verified and not yet signed for. */
  readonly owed: Amount;
  /** Units that may be unsigned, and what they cost: the most that can be lost. */
  readonly window: number;
  readonly windowAmount: Amount;
  /** How long the deposit lasts at the rate of the last hour; null without one. */
  readonly lastsMillis: number | null;
  /** Highest mark of today's cap that is passed, in percent; null below 50 or without a cap. At 100 nothing is signed any more. */
  readonly warning: 50 | 80 | 100 | null;
}

/** `json-columns`: JSON lines where every column stands in every line in its declared type, with the schema beside them, as Parquet writers want it. */
export type RecordingFormat = 'csv' | 'jsonl' | 'json-columns';

export interface StreamRecording {
  readonly format: RecordingFormat;
  readonly state: 'running' | 'stopped' | 'failed';
  /** On this machine. */
  readonly folder: string;
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  readonly startedAt: Time;
  readonly stoppedAt: Time | null;
  readonly problem: ErrorJson | null;
}

export interface SubscriptionView {
  readonly channel: Hash;
  readonly stream: Hash;
  readonly title: string | null;
  readonly titleZh: string | null;
  readonly columns: readonly StreamColumn[];
  readonly owner: Address;
  readonly payer: Address;
  /** `opening`: its transaction is on the way. `closing`: the rest can be taken back from `closesAt` on. */
  readonly state: 'opening' | 'open' | 'closing' | 'closed';
  readonly expiresAt: Time;
  readonly closesAt: Time | null;
  readonly reading: StreamReading;
  readonly spend: StreamSpend;
  readonly recording: StreamRecording | null;
  /** Actions that are possible now; the page draws a button for each and explains the others. */
  readonly can: readonly ('top-up' | 'close' | 'take-back' | 'pause' | 'resume' | 'record')[];
}

/**
 * What a window is told while it looks on. It begins with one `reading`, one `spend` and the kept rows of the last ten minutes (thinned
 * to 2,000), oldest first. Then: `rows` at most five times a second with at most 500 rows each, newest last, `skipped` counting those that were verified,
 * paid and recorded and left out here; `reading` and `spend` when they change, at most twice a second.
 */
export type LiveEvent =
  | { readonly kind: 'rows'; readonly rows: readonly StreamRow[]; readonly skipped: number }
  | { readonly kind: 'gap'; readonly gap: StreamGap }
  | { readonly kind: 'reading'; readonly reading: StreamReading }
  | { readonly kind: 'spend'; readonly spend: StreamSpend };

/** How another program of this machine reads the subscription: this program serves verified plain rows and pays for them. */
export interface StreamSnippets {
  /** "http://127.0.0.1:8711/v1" */
  readonly endpoint: string;
  /** They work as pasted once PD_TICKET is set, which `snippetTicket` gives. */
  readonly curl: string;
  readonly javascript: string;
  readonly python: string;
}

const channelInput = z.object({ channel: hashSchema });
const streamInput = z.object({ id: hashSchema });

export const streams = {
  status: procedure.output(type<StreamsStatus>()),
  /** Puts the three contracts of streams on this network, by ordinary transactions of `from`. */
  prepareDeploy: procedure.input(z.object({ from: addressSchema })).output(type<Proposal>()),
  /** Takes contracts that stand on the chain already, after checking them. @throws NOT_STREAM_CONTRACTS, OTHER_CHAIN_STREAMS, MIXED_STREAM_CONTRACTS, CREATION_NOT_FOUND */
  useContracts: procedure.input(z.object({ stream: addressSchema, channel: addressSchema, gateway: addressSchema })).output(type<StreamsStatus>()),
  /** `live`: those that can be subscribed to now, by an offered plan and a gateway that serves. `mine`: also those that have ended. `price`: by the unit, whatever it is. */
  search: procedure
    .input(z.object({ text: z.string().max(200), category: z.enum(CATEGORIES).optional(), sort: z.enum(['relevance', 'newest', 'price']), mine: z.boolean().optional(), live: z.boolean().optional(), offset: z.number().int().min(0).max(1_000_000), limit: z.number().int().min(1).max(100) }))
    .output(type<{ readonly streams: readonly StreamCard[]; readonly total: number; readonly categories: Readonly<Record<string, number>> }>()),
  /** Asks its gateways how they are, which takes a moment; what is known stands there at once. @throws STREAM_UNKNOWN */
  stream: procedure.input(streamInput).output(type<StreamView>()),
  /** The free sample. @throws STREAM_UNKNOWN, NO_PEEK, GATEWAYS_UNREACHABLE, GATEWAY_QUOTA */
  peek: procedure.input(z.object({ id: hashSchema, limit: z.number().int().min(1).max(200) })).output(type<StreamPeek>()),

  /** One sheet: opens the channel with its deposit for some days, and gives the mandate to sign vouchers up to it. @throws INSUFFICIENT_FUNDS, PLAN_INACTIVE, STREAM_ENDED, OWN_STREAM */
  prepareSubscribe: procedure
    .input(z.object({ stream: hashSchema, planId: z.number().int().min(0), payer: addressSchema, deposit: amountSchema, days: z.number().int().min(1).max(400), capPerDay: amountSchema.nullable() }))
    .output(type<Proposal>()),
  /** `close` asks for the rest of the deposit, `take-back` takes it once the wait is over; `amount` belongs to `top-up`. @throws CHANNEL_STATE, INSUFFICIENT_FUNDS */
  prepareChannel: procedure
    .input(z.object({ channel: hashSchema, action: z.enum(['top-up', 'close', 'take-back']), amount: amountSchema.optional() }))
    .output(type<Proposal>()),
  /** Newest first, those that are closed last. */
  subscriptions: procedure.output(type<readonly SubscriptionView[]>()),
  /** @throws CHANNEL_UNKNOWN */
  subscription: procedure.input(channelInput).output(type<SubscriptionView>()),
  /** Holds for the next message on. Null takes the cap away. @throws CHANNEL_UNKNOWN */
  setDailyCap: procedure.input(z.object({ channel: hashSchema, capPerDay: amountSchema.nullable() })).output(type<SubscriptionView>()),
  /** No further voucher is signed and nothing is read until `resume`, which goes on where it stopped while it is kept. @throws CHANNEL_STATE */
  pause: procedure.input(channelInput).output(type<SubscriptionView>()),
  /** @throws CHANNEL_STATE, WALLET_LOCKED when the voucher key was not opened since the start */
  resume: procedure.input(channelInput).output(type<SubscriptionView>()),
  /** Looking on does not read or pay by itself; leaving does not stop. @throws CHANNEL_UNKNOWN */
  live: procedure.input(channelInput).output(eventIterator(type<LiveEvent>())),

  /** Appends every verified row to a file of its own until it is stopped, also while no window is open. @throws ALREADY_RECORDING, DISK_FULL, NO_PERMISSION */
  record: procedure.input(z.object({ channel: hashSchema, format: z.enum(['csv', 'jsonl', 'json-columns']) })).output(type<SubscriptionView>()),
  stopRecording: procedure.input(channelInput).output(type<SubscriptionView>()),
  /** @throws CHANNEL_UNKNOWN, LOCAL_GATEWAY_OFF when the port on loopback could not be taken */
  snippets: procedure.input(channelInput).output(type<StreamSnippets>()),
  /** For programs of this machine only; never part of an address. Each call gives a new one, which ends with the program at the latest. @throws CHANNEL_STATE, LOCAL_GATEWAY_OFF */
  snippetTicket: procedure.input(channelInput).output(type<{ readonly ticket: string; readonly endsAt: Time }>()),
};
