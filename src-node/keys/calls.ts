/**
 * Everything the keys process can be asked, and nothing generic: the table is the whole surface. Arguments are validated with
 * size limits on arrival; byte fields have exact lengths.
 */
import { z } from 'zod';
import type { Bytes } from '../base/bytes.ts';
import { millis, seconds } from '../base/clock.ts';
import { bytesSchema, bytesUpToSchema } from '../base/schema.ts';
import { newMandateSchema } from './mandate.ts';

const password = z.string().max(1024);
const uint = z.bigint().nonnegative().max((1n << 256n) - 1n);

export const transactionRequestSchema = z.object({
  account: bytesSchema(20),
  chainId: z.bigint().positive(),
  nonce: uint,
  gasPrice: uint,
  gasLimit: uint,
  to: bytesSchema(20).nullable(),
  value: uint,
  payload: bytesUpToSchema(32_768),
});
export type TransactionRequest = z.infer<typeof transactionRequestSchema>;

/**
 * Why a signature is allowed: the person saw this sheet, or signed a mandate that covers it, or the account is a delivery account
 * that the seller named on the chain and the call is one of the few it may make.
 */
export const authoritySchema = z.union([
  z.object({ kind: z.literal('sheet'), proposal: z.string().min(1).max(80) }),
  z.object({ kind: z.literal('mandate'), id: z.string().min(1).max(80) }),
  z.object({ kind: z.literal('delivery') }),
]);
export type Authority = z.infer<typeof authoritySchema>;

export const orderKeySchema = z.object({
  chainId: z.bigint().positive(),
  genesisHash: bytesSchema(32),
  escrow: bytesSchema(20),
  buyer: bytesSchema(20),
  listing: bytesSchema(32),
  orderNonce: z.bigint().nonnegative().max((1n << 64n) - 1n),
});
export const packingSchema = z.object({ account: bytesSchema(20), chainId: z.bigint().positive(), versionSalt: bytesSchema(32) });
export const deliverySchema = z.object({ e: bytesSchema(64), w: bytesSchema(32) });
/** A seller at one market. */
export const deliverySellerSchema = z.object({ seller: bytesSchema(20), chainId: z.bigint().positive(), genesisHash: bytesSchema(32), listings: bytesSchema(20), escrow: bytesSchema(20) });
export type DeliverySeller = z.infer<typeof deliverySellerSchema>;
/** The delivery accounts that listings of this seller name, and the versions they answer for. */
export const heldSellerSchema = z.object({
  at: deliverySellerSchema,
  /** Highest price that the delivery accounts pay, base units per gas. */
  maxGasPrice: z.bigint().positive(),
  counters: z.array(z.number().int().min(0).max(255)).max(256),
  versions: z.array(z.object({ versionSalt: bytesSchema(32), keyCommit: bytesSchema(32) })).max(10_000),
});
export type HeldSeller = z.infer<typeof heldSellerSchema>;

const u32 = z.number().int().min(0).max(0xffff_ffff);
const u64 = z.bigint().nonnegative().max((1n << 64n) - 1n);
const u128 = z.bigint().nonnegative().max((1n << 128n) - 1n);
const time = z.number().int().nonnegative().max(2 ** 48 - 1);

/** The contracts of streams on one chain. */
export const streamContractsSchema = z.object({ chainId: z.bigint().positive(), genesisHash: bytesSchema(32), stream: bytesSchema(20), channel: bytesSchema(20), gateway: bytesSchema(20) });
export type StreamContractsAt = z.infer<typeof streamContractsSchema>;
const ownObject = { at: streamContractsSchema, account: bytesSchema(20), nonce: u64 };
export const publishedStreamSchema = z.object({ ...ownObject, streamId: bytesSchema(32) });
export const subscriptionSchema = z.object({
  ...ownObject,
  streamId: bytesSchema(32),
  channelId: bytesSchema(32),
  /** What the channel can pay at most, base units: its deposit. */
  maxAmount: u128,
});
export const ownGatewaySchema = z.object({ ...ownObject, gatewayId: bytesSchema(32) });
/** What streams need signed from now on, also while the wallet is locked. */
export const heldStreamsSchema = z.object({ published: z.array(publishedStreamSchema).max(1000), subscriptions: z.array(subscriptionSchema).max(1000), gateways: z.array(ownGatewaySchema).max(16) });
export type HeldStreams = z.infer<typeof heldStreamsSchema>;

/** What a password is for, and which of them: nothing else of the wallet can be asked for by such a name. */
const secretName = z.string().regex(/^(?:mqtt|kafka):[\w.-]{1,160}$/);

const batchSchema = z.object({
  streamId: bytesSchema(32), generation: u32, epoch: u32, runId: bytesSchema(16), firstSeq: u64, count: u32, prevBatchHash: bytesSchema(32),
  framesRoot: bytesSchema(32), epochCommit: bytesSchema(32), timeMillis: time.transform((value) => millis(value)),
});
const voucherSchema = z.object({ channelId: bytesSchema(32), cumulativeUnits: u64, cumulativeAmount: u128, epochTo: u32, planHash: bytesSchema(32) });
const receiptSchema = z.object({ gatewayId: bytesSchema(32), streamId: bytesSchema(32), logId: u64, offset: u64, firstSeq: u64, batchHash: bytesSchema(32), timeMillis: time.transform((value) => millis(value)) });
const letInSchema = z.object({ gatewayId: bytesSchema(32), nonce: bytesSchema(32), clientKey: bytesSchema(20), expirySeconds: time.transform((value) => seconds(value)) });

export const callSchemas = {
  status: z.object({}),
  configure: z.object({ autoLockMillis: z.number().int().min(60_000).max(86_400_000) }),
  draftSeed: z.object({}),
  createWallet: z.object({ draftId: z.string().max(80), password, answers: z.array(z.object({ position: z.number().int().min(0).max(23), word: z.string().max(20) })).max(24) }),
  importSeed: z.object({ words: z.string().max(600), password }),
  importKeystore: z.object({ json: z.string().max(100_000), filePassword: password, password }),
  addAccount: z.object({}),
  /** Addresses of the seed's next accounts, to look whether they were used before. */
  upcomingAccounts: z.object({ count: z.number().int().min(1).max(50) }),
  unlock: z.object({ password }),
  lock: z.object({}),
  signTransaction: z.object({ request: transactionRequestSchema, authority: authoritySchema }),
  /** A text with the chain's prefix, which no transaction begins with; after a sheet that showed it. */
  signMessage: z.object({ account: bytesSchema(20), message: bytesUpToSchema(65_536), request: z.string().min(1).max(80) }),
  grantMandate: z.object({ mandate: newMandateSchema, proposal: z.string().min(1).max(80) }),
  /** B of an order. */
  orderPoint: z.object({ order: orderKeySchema }),
  /** W -> K' of one order. */
  openDelivery: z.object({ order: orderKeySchema, orderId: bytesSchema(32), delivery: deliverySchema }),
  /** b and S of one order, to be shown to the contract in a proof; opens nothing else. */
  revealForProof: z.object({ order: orderKeySchema, orderId: bytesSchema(32), delivery: deliverySchema }),
  /** K of one packing, for the packer. */
  packKey: z.object({ packing: packingSchema }),
  /** Addresses of the seller's delivery accounts 0 … count - 1. */
  deliveryAccounts: z.object({ at: deliverySellerSchema, count: z.number().int().min(1).max(256) }),
  /** From now on these, and only these, are answered for, also while the wallet is locked; until the process ends. */
  holdDeliveries: z.object({ sellers: z.array(heldSellerSchema).max(1000) }),
  /** Addresses that a stream, a channel or a gateway is registered with; `nonce` is the one that the contract will take. */
  streamPublisher: z.object({ stream: z.object(ownObject) }),
  subscriptionKey: z.object({ channel: z.object({ ...ownObject, streamId: bytesSchema(32) }) }),
  gatewaySigner: z.object({ gateway: z.object(ownObject) }),
  /** From now on these, and only these, are signed for, also while the wallet is locked; until the process ends. */
  holdStreams: heldStreamsSchema,
  /** Root of a generation's key tree, for the publisher of the stream. */
  streamRoot: z.object({ streamId: bytesSchema(32), generation: u32 }),
  signBatch: z.object({ batch: batchSchema }),
  /** To publish in a stream that is held. */
  signPublishTicket: z.object({ streamId: bytesSchema(32), ticket: letInSchema }),
  /** To read by a channel that is held. */
  signReadTicket: z.object({ channelId: bytesSchema(32), ticket: letInSchema }),
  /** Up to the deposit, for the person signed a sheet for all of it. */
  signVoucher: z.object({ voucher: voucherSchema }),
  /** What was sealed to the key of a channel. */
  openEnvelope: z.object({ channelId: bytesSchema(32), envelope: bytesUpToSchema(65_536) }),
  signReceipt: z.object({ receipt: receiptSchema }),
  /** Password for a broker, kept encrypted; null forgets it. */
  keepSecret: z.object({ name: secretName, secret: z.string().max(1024).nullable() }),
  openSecret: z.object({ name: secretName }),
  /** K of one packing sealed to a buyer's point, checked against the commitment on the chain. */
  sealDelivery: z.object({ packing: packingSchema, keyCommit: bytesSchema(32), orderId: bytesSchema(32), buyerPoint: bytesSchema(64) }),
} as const;

export type CallName = keyof typeof callSchemas;
export type CallArgs<Name extends CallName> = z.infer<(typeof callSchemas)[Name]>;

export interface KeysStatus {
  readonly exists: boolean;
  readonly unlocked: boolean;
  readonly hasSeed: boolean;
  readonly locksAtMillis: number | null;
  readonly accounts: readonly { readonly address: string; readonly source: 'seed' | 'keystore'; readonly path: string | null }[];
  /** What is answered for while the wallet is locked: delivery accounts, and key commitments of versions. */
  readonly held: { readonly accounts: readonly string[]; readonly commits: readonly string[] };
  /** Ids of streams, channels and gateways that are signed for. */
  readonly streams: readonly string[];
}

export interface CallResults {
  status: KeysStatus;
  configure: KeysStatus;
  draftSeed: { readonly draftId: string; readonly words: readonly string[]; readonly ask: readonly number[] };
  createWallet: KeysStatus;
  importSeed: KeysStatus;
  importKeystore: KeysStatus;
  addAccount: KeysStatus;
  upcomingAccounts: readonly string[];
  unlock: KeysStatus;
  lock: KeysStatus;
  /** RLP of the signed transaction. */
  signTransaction: Bytes;
  /** r, s and V (27 or 28). */
  signMessage: Bytes;
  grantMandate: { readonly id: string };
  orderPoint: Bytes;
  openDelivery: Bytes;
  revealForProof: { readonly b: Bytes; readonly shared: Bytes; readonly key: Bytes };
  packKey: Bytes;
  deliveryAccounts: readonly Bytes[];
  holdDeliveries: KeysStatus['held'];
  sealDelivery: { readonly e: Bytes; readonly w: Bytes };
  streamPublisher: Bytes;
  subscriptionKey: { readonly address: Bytes; readonly publicKey: Bytes };
  gatewaySigner: Bytes;
  holdStreams: KeysStatus['streams'];
  streamRoot: Bytes;
  /** All signatures of typed data: r, s and v (27 or 28). */
  signBatch: Bytes;
  signPublishTicket: Bytes;
  signReadTicket: Bytes;
  signVoucher: Bytes;
  openEnvelope: Bytes;
  signReceipt: Bytes;
  keepSecret: { readonly kept: boolean };
  /** Null when none is kept under this name. */
  openSecret: { readonly secret: string | null };
}

/** What the rest of the node knows of the keys process. */
export interface KeysPort {
  call<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<CallResults[Name]>;
}
