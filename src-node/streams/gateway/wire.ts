/**
 * Everything that passes between a gateway and its clients (docs/protocol/11 §4.13). Each schema is a codec: `schema.parse(json)` gives
 * bytes and bigints, `schema.encode(value)` gives the JSON. On the wire bytes of fixed length are "0x" hex in lower case, others base64, numbers
 * of 64 and 128 bits decimal text, times milliseconds unless the name says seconds.
 */
import { z } from 'zod';
import { BATCH_HEADER_BYTES } from '../format/batch.ts';
import { RECENT_INTERVAL_MILLIS, RECENT_INTERVALS } from './recent-counts.ts';
import { GATEWAY_ERROR_CODES } from './error-codes.ts';
import { addressSchema, amountSchema, base64Codec, cursorSchema, epochSchema, hashSchema, hexCodec, pointSchema, signatureSchema, timeSchema, u32Schema, u64Schema } from './wire-codecs.ts';

export const SUBPROTOCOL = 'pdash.1';
/** Headers of a request's proof, and of what an answer says beside its body. */
export const HEADERS = { ticket: 'pd-ticket', time: 'pd-time', random: 'pd-random', proof: 'pd-proof', owed: 'x-pd-owed' } as const;
/** Longest that a reading waits for the next batch. */
export const MAX_WAIT_MILLIS = 30_000;
/** Batches of one answer. */
export const MAX_BATCHES = 256;
/** Encoded bytes of one batch (docs/protocol/11 §4.11). */
export const MAX_BATCH_BYTES = 1024 * 1024;
export const MAX_TICKET_SECONDS = 86_400;
export const DEFAULT_TICKET_SECONDS = 3600;
/** What the time of a proof may differ from the gateway's. */
export const PROOF_SKEW_MILLIS = 60_000;
const MAX_ENVELOPE_BYTES = 16 * 1024;
const MAX_NODES = 64;
/** Subscribers in one frame: so many are well below what a socket takes. */
export const MAX_LISTED = 256;
/** Spans of messages that a publisher is told of one channel. */
export const MAX_DELIVERED_SPANS = 64;

const batchBytesSchema = base64Codec(MAX_BATCH_BYTES);
const actionSchema = z.enum(['publish', 'subscribe']);
export type TicketAction = z.infer<typeof actionSchema>;

/** `meta` holds what the code's line in error-codes.ts names. */
export const errorSchema = z.object({
  code: z.enum(GATEWAY_ERROR_CODES),
  retry: z.enum(['now', 'later', 'never']),
  message: z.string(),
  help: z.string(),
  retryAfterMillis: timeSchema.optional(),
  meta: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ErrorAnswer = z.infer<typeof errorSchema>;

/** GET /v1/hello. The client compares gateway, chain and genesis with what it knows from the chain. `nonce` is good for one ticket, for 5 minutes. */
export const helloSchema = z.object({
  protocol: z.literal(1),
  gatewayId: hashSchema,
  chainId: u64Schema,
  genesisHash: hashSchema,
  head: z.object({ number: u64Schema, time: timeSchema }).nullable(),
  time: timeSchema,
  nonce: hashSchema,
});
export type Hello = z.infer<typeof helloSchema>;

/**
 * POST /v1/ticket: the signed Ticket (docs/protocol/11 §4.29) and the chain it was signed for. Publishing: signed by the publisher's account of every
 * stream, entitlement zero. Subscribing: one stream, entitlement its channel, signed by the channel's payerKey. The point that the
 * signature recovers to is what the publisher seals keys to.
 */
export const ticketRequestSchema = z.object({
  chainId: u64Schema,
  genesisHash: hashSchema,
  gateway: hashSchema,
  nonce: hashSchema,
  streams: z.array(hashSchema).min(1).max(16),
  action: actionSchema,
  entitlement: hashSchema,
  /** Address of the key that signs the proofs of requests. */
  clientKey: addressSchema,
  /** At most a day ahead; an hour is usual. */
  expSeconds: timeSchema,
  signature: signatureSchema,
});
export type TicketRequest = z.infer<typeof ticketRequestSchema>;

/** Opaque; 32 random bytes as base64url. What it proves with: `proofMessage`. */
export const ticketSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
export const ticketAnswerSchema = z.object({ ticket: ticketSchema, expSeconds: timeSchema });
export type TicketAnswer = z.infer<typeof ticketAnswerSchema>;

export const voucherSchema = z.object({ channelId: hashSchema, cumulativeUnits: u64Schema, cumulativeAmount: amountSchema, epochTo: u32Schema, plan: hashSchema, signature: signatureSchema });
export type SignedVoucher = z.infer<typeof voucherSchema>;

/** `ts` in milliseconds. The same again for a batch that is sent again. */
export const receiptSchema = z.object({ gatewayId: hashSchema, streamId: hashSchema, logId: u64Schema, offset: u64Schema, firstSeq: u64Schema, batchHash: hashSchema, ts: timeSchema, signature: signatureSchema });
export type SignedReceipt = z.infer<typeof receiptSchema>;

/** What one ticket may; a publisher's frames count as records. Peeks are those of one address of the network. */
const limitsSchema = z.object({
  requestsPerSecond: z.number().positive(),
  publishRecordsPerSecond: z.number().positive(),
  publishBytesPerSecond: z.number().positive(),
  readBytesPerSecond: z.number().positive(),
  sockets: z.int().positive(),
  peeksPerDay: z.int().positive(),
});
export type Limits = z.infer<typeof limitsSchema>;

/** GET /v1/streams/{id}: what anyone may know. */
export const streamFactsSchema = z.object({
  streamId: hashSchema,
  publisher: addressSchema,
  status: z.enum(['registered', 'ended']),
  generation: u32Schema,
  /** Epoch of now, by the clock. */
  epoch: u32Schema,
  epochSeconds: u32Schema,
  startSeconds: timeSchema,
  ahead: u32Schema,
  /** Offsets: oldest kept, and what the next batch gets. */
  first: u64Schema,
  next: u64Schema,
  /** Seq that the next frame has, and hash and signed header of the batch before it, in base64, by which the publisher knows it; null while nothing is kept here. */
  tail: z.object({ nextSeq: u64Schema, batchHash: hashSchema, generation: u32Schema, epoch: u32Schema, time: timeSchema, header: base64Codec(BATCH_HEADER_BYTES) }).nullable(),
  /** Frames that came in each of the last whole intervals, oldest first; fewer than `RECENT_INTERVALS` where the gateway does not know of more. */
  recent: z.object({ intervalMillis: z.literal(RECENT_INTERVAL_MILLIS), frames: z.array(z.int().min(0)).max(RECENT_INTERVALS) }),
  retentionMillis: timeSchema,
  gateways: z.array(hashSchema),
  limits: limitsSchema,
  /** Whether a peek can be had now. */
  peek: z.boolean(),
});
export type StreamFacts = z.infer<typeof streamFactsSchema>;

/** POST /v1/streams/{id}/batches: the batch itself as application/octet-stream, or this as JSON. Answer: `receiptSchema`. `?gap=allow` says that the frames between the last batch and this one are lost for good. */
export const publishRequestSchema = z.object({ batch: batchBytesSchema });

/** Frames that are not in the log here: `from` to `to`, both included; `from` is null when the reader's place was not known. */
const gapSchema = z.object({ from: u64Schema.nullable(), to: u64Schema, reason: z.enum(['retention', 'missing', 'unpaid']) });
export type Gap = z.infer<typeof gapSchema>;

/** GET /v1/streams/{id}/batches?cursor=&max=&waitMs=. `cursor`: opaque, or "earliest" or "live". Items in the order of the stream; `next` is behind the last. Header X-PD-Owed: units owed. */
export const batchesAnswerSchema = z.object({
  items: z.array(z.union([z.object({ offset: u64Schema, batch: batchBytesSchema }), z.object({ gap: gapSchema })])),
  next: cursorSchema,
});
export type BatchesAnswer = z.infer<typeof batchesAnswerSchema>;

/** GET /v1/streams/{id}/at?ts= (milliseconds): the place of the first batch at or after a time. */
export const cursorAnswerSchema = z.object({ cursor: cursorSchema });

export const envelopeSchema = z.object({ generation: u32Schema, from: epochSchema, to: epochSchema, envelope: base64Codec(MAX_ENVELOPE_BYTES) });
export type Envelope = z.infer<typeof envelopeSchema>;
/** GET /v1/streams/{id}/keys?from=&to= (epochs): envelopes for the channel of the ticket that touch the range. */
export const keysAnswerSchema = z.object({ envelopes: z.array(envelopeSchema) });
/** POST /v1/streams/{id}/keys, with a publisher's ticket. */
export const keysRequestSchema = envelopeSchema.extend({ channelId: hashSchema });
export type KeysRequest = z.infer<typeof keysRequestSchema>;
export const doneSchema = z.object({ done: z.literal(true) });

const epochRangeSchema = z.object({ from: u32Schema, to: u32Schema });
/**
 * POST /v1/channels/{id}/voucher (a voucherSchema) and GET of the same path. `best` is the highest voucher that is known, also when what was sent is
 * lower. Message plans: owed and signed are frames. Time plans: seconds, `owed` is what `signed` says, and `paid` are the epochs that were paid for:
 * a voucher pays for the last (new units − old units) / epochSeconds epochs up to its epochTo.
 */
export const channelAnswerSchema = z.object({
  channelId: hashSchema,
  best: voucherSchema.nullable(),
  owed: u64Schema,
  signed: u64Schema,
  window: u32Schema,
  deposit: amountSchema,
  paid: z.array(epochRangeSchema),
});
export type ChannelAnswer = z.infer<typeof channelAnswerSchema>;

/** Whom the publisher seals keys for. `epochTo`: last epoch paid for, null when none is or when the plan counts messages. */
export const subscriberSchema = z.object({
  channelId: hashSchema,
  publicKey: pointSchema,
  kind: z.enum(['period', 'metered']),
  voucher: voucherSchema.nullable(),
  owed: u64Schema,
  /** Plans by message: the newest of what was delivered here, from and behind the last, ascending. Nothing in `owed` is counted twice, so that the publisher can unite the lists of several gateways. */
  delivered: z.array(z.tuple([u64Schema, u64Schema]).refine(([from, end]) => from < end)).max(MAX_DELIVERED_SPANS),
  epochTo: u32Schema.nullable(),
  paid: z.array(epochRangeSchema),
});
export type Subscriber = z.infer<typeof subscriberSchema>;
/** GET /v1/streams/{id}/subscribers, with a publisher's ticket. Only channels that may read now. */
export const subscribersAnswerSchema = z.object({ subscribers: z.array(subscriberSchema) });

const nodeSchema = z.object({ depth: z.int().min(0).max(20), prefix: epochSchema, key: hexCodec(32) });
/** POST /v1/streams/{id}/peek-key, with a publisher's ticket: makes one epoch public. */
export const peekKeyRequestSchema = z.object({ generation: u32Schema, epoch: epochSchema, nodes: z.array(nodeSchema).min(1).max(MAX_NODES) });
export type PeekKeyRequest = z.infer<typeof peekKeyRequestSchema>;
/** GET /v1/streams/{id}/peek: batches of the public epoch and the nodes that open it. */
export const peekAnswerSchema = peekKeyRequestSchema.extend({ batches: z.array(batchBytesSchema) });
export type PeekAnswer = z.infer<typeof peekAnswerSchema>;

/** GET /v1/usage: what the ticket's holder has used since it was given, and what it may. */
export const usageAnswerSchema = z.object({
  action: actionSchema,
  streams: z.array(hashSchema),
  expSeconds: timeSchema,
  requests: z.int(),
  readBytes: z.int(),
  readFrames: z.int(),
  publishedBytes: z.int(),
  publishedFrames: z.int(),
  sockets: z.int(),
  limits: limitsSchema,
  channel: channelAnswerSchema.nullable(),
});
export type UsageAnswer = z.infer<typeof usageAnswerSchema>;

/** GET /v1/health */
export const healthAnswerSchema = z.object({ ok: z.boolean(), engine: z.enum(['built-in', 'kafka']), head: u64Schema.nullable(), streams: z.int(), sockets: z.int(), uptimeSeconds: timeSchema, faults: z.array(z.string()) });
export type HealthAnswer = z.infer<typeof healthAnswerSchema>;

// WebSocket /v1/ws, subprotocol SUBPROTOCOL. Control frames are JSON text, batches binary. One ticket and one reading per stream of a connection.

const start = z.union([z.literal('live'), z.literal('earliest'), cursorSchema]);
const creditSchema = z.int().min(1).max(10_000);

export const clientFrameSchema = z.discriminatedUnion('type', [
  /** Answer to HELLO. */
  z.object({ type: z.literal('AUTH'), ticket: ticketSchema, proof: signatureSchema }),
  /** `credit`: batches that may come before more is given. Message plans: `counted` are the frames that the reader has handed on or signed for over the life of the channel. */
  z.object({ type: z.literal('SUB'), stream: hashSchema, cursor: start, credit: creditSchema, counted: u64Schema.optional() }),
  z.object({ type: z.literal('CREDIT'), stream: hashSchema, batches: creditSchema }),
  voucherSchema.extend({ type: z.literal('VOUCHER') }),
  z.object({ type: z.literal('PING') }),
  z.object({ type: z.literal('PONG') }),
  z.object({ type: z.literal('BYE') }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

export const serverFrameSchema = z.discriminatedUnion('type', [
  /** The first frame. */
  z.object({ type: z.literal('HELLO'), gatewayId: hashSchema, challenge: hexCodec(32), time: timeSchema }),
  z.object({ type: z.literal('AUTHOK'), action: actionSchema, streams: z.array(hashSchema), expSeconds: timeSchema }),
  z.object({ type: z.literal('SUBOK'), stream: hashSchema, cursor: cursorSchema, generation: u32Schema, epoch: u32Schema, kind: z.enum(['period', 'metered']), ...channelAnswerSchema.shape }),
  /** What is owed grows (pausedAt null), or reading stands at this seq until a voucher comes. Time plans: `epochTo` is the epoch that has to be paid for. */
  z.object({ type: z.literal('PAY'), stream: hashSchema, owed: u64Schema, signed: u64Schema, window: u32Schema, epochTo: u32Schema.nullable(), pausedAt: u64Schema.nullable() }),
  /** Answer to VOUCHER. */
  channelAnswerSchema.extend({ type: z.literal('PAID') }),
  envelopeSchema.extend({ type: z.literal('KEY'), stream: hashSchema }),
  /** Comes in its place between the batches. */
  gapSchema.extend({ type: z.literal('GAP'), stream: hashSchema }),
  /** To a publisher, after AUTHOK: who may read; then whoever is new or changed, and who may read no more. `first`: what was told before counts no more. A long list goes on in the next frame. */
  z.object({ type: z.literal('SUBSCRIBERS'), stream: hashSchema, first: z.boolean(), subscribers: z.array(subscriberSchema).max(MAX_LISTED), gone: z.array(hashSchema).max(MAX_LISTED) }),
  /** In the order of the PUBs; a PUB that is refused gets ERR with meta.firstSeq (null when it cannot be read) in that place. */
  z.object({ type: z.literal('PUBOK'), receipt: receiptSchema }),
  errorSchema.extend({ type: z.literal('ERR'), about: z.enum(['AUTH', 'SUB', 'CREDIT', 'VOUCHER', 'PUB', 'FRAME', 'READ']), stream: hashSchema.nullable() }),
  z.object({ type: z.literal('PING') }),
  z.object({ type: z.literal('PONG') }),
  /** The connection or, with `stream`, this reading ends. */
  z.object({ type: z.literal('BYE'), reason: z.enum([...GATEWAY_ERROR_CODES, 'client', 'idle']), stream: hashSchema.nullable(), resumeCursor: cursorSchema.nullable() }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;
