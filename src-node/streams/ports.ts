/** What streams need of their neighbours; the composition root passes `keys/`, `wallet/` and `otp/` in. */
import type { Bytes, Hex } from '../base/bytes.ts';
import type { ReceiptMessage, VoucherMessage } from '../contracts/typed-data.ts';
import type { SubscriberKeys } from './client/keys.ts';
import type { PublisherKeys } from './publisher/keys.ts';

/** Storage places as descriptions use them: by the SHA-256 that stands on the chain, 32 bytes. */
export interface TextPlaces {
  /** As it is written on the chain: "ipfs://…". */
  uriOf(hash: Hex): string;
  /** In every place; the same again changes nothing. @throws what a place throws */
  put(text: Bytes): Promise<void>;
  /** Nearest first; each fails by itself. */
  readonly sources: readonly ((hash: Hex, maxBytes: number, signal: AbortSignal) => Promise<Bytes>)[];
}

/** The contracts of streams on one chain. */
export interface StreamsAt {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  readonly stream: Bytes;
  readonly channel: Bytes;
  readonly gateway: Bytes;
}

/** What keys of a stream, a channel or a gateway are derived from: who registered it, under which number of his. */
export interface OwnObject {
  readonly at: StreamsAt;
  readonly account: Bytes;
  readonly nonce: bigint;
}

/** What the keys process signs for from now on, also while the wallet is locked. */
export interface HeldObjects {
  readonly published: readonly (OwnObject & { readonly streamId: Bytes })[];
  /** `maxAmount`: what vouchers may say at most, base units. */
  readonly subscriptions: readonly (OwnObject & { readonly streamId: Bytes; readonly channelId: Bytes; readonly maxAmount: bigint })[];
  readonly gateways: readonly (OwnObject & { readonly gatewayId: Bytes })[];
}

/** All @throws WALLET_LOCKED, UNKNOWN_ACCOUNT, KEYS_STOPPED. */
export interface StreamKeys {
  accounts(): Promise<readonly Bytes[]>;
  /** Address that will sign the batches of the stream that this account registers with this nonce. */
  publisherOf(stream: OwnObject): Promise<Bytes>;
  /** Address that will sign the vouchers and tickets of the channel. */
  payerKeyOf(channel: OwnObject & { readonly streamId: Bytes }): Promise<Bytes>;
  /** Address that will sign the receipts of the gateway. */
  signerOf(gateway: OwnObject): Promise<Bytes>;
  /** `ids` of streams, channels and gateways. */
  held(): Promise<{ readonly unlocked: boolean; readonly ids: ReadonlySet<Hex> }>;
  /** These and no others. */
  hold(objects: HeldObjects): Promise<void>;
}

/** What the gateway of this program asks of the keys process. All @throws KEYS_STOPPED. */
export interface GatewayKeys extends Pick<StreamKeys, 'accounts' | 'held'> {
  /** 65 bytes; also while the wallet is locked. @throws STREAM_NOT_HELD */
  signReceipt(receipt: ReceiptMessage): Promise<Bytes>;
  /** As `Passwords`. */
  readonly keepSecret: Passwords['keep'];
  readonly openSecret: Passwords['open'];
}

/** The wallet's outbox as streams look at it. */
export interface SignedActions {
  /** `done`: its blocks have children. */
  stateOf(proposal: string): 'none' | 'under-way' | 'done' | 'failed';
}

/** The best vouchers that subscribers signed, as the publisher keeps them. */
export interface SignedVouchers {
  /** One of each channel of the stream, whether it was redeemed or not. `signature`: 65 bytes. */
  bestOf(stream: Hex): Promise<readonly { readonly voucher: VoucherMessage; readonly signature: Bytes }[]>;
}

/** Keys of the channels of this wallet, as a reader uses them. */
export interface ReadingKeys {
  /** x ‖ y of the key that signs for the channel, 64 bytes. @throws WALLET_LOCKED, UNKNOWN_ACCOUNT, KEYS_STOPPED */
  publicKeyOf(channel: OwnObject & { readonly streamId: Bytes }): Promise<Bytes>;
  /** Its calls @throws STREAM_NOT_HELD, STREAM_REFUSED, KEYS_STOPPED. */
  subscriber(channelId: Bytes, publicKey: Bytes): SubscriberKeys;
}

/** Keys of the streams of this wallet, as a publisher uses them. */
export interface PublishingKeys {
  /** `address`: the account that the stream's record names. Its calls @throws STREAM_NOT_HELD, KEYS_STOPPED. */
  publisher(streamId: Bytes, address: Bytes): PublisherKeys;
}

/** Passwords of brokers, kept encrypted to the wallet under a name such as "mqtt:…". All @throws WALLET_LOCKED, KEYS_STOPPED. */
export interface Passwords {
  /** Null forgets it. */
  keep(name: string, password: string | null): Promise<void>;
  /** Null when none is kept. */
  open(name: string): Promise<string | null>;
}

/** A transaction under a permission that was signed on a sheet. */
export interface StandingAction {
  readonly id: string;
  readonly kind: string;
  readonly account: Bytes;
  readonly to: Bytes;
  readonly payload: Bytes;
  readonly authority: { readonly kind: 'mandate'; readonly id: string };
  readonly subject: { readonly kind: 'stream'; readonly id: string };
}

export interface StandingActions {
  /** The same id again does nothing, or some time after it failed, tries once more. @throws INSUFFICIENT_FUNDS, WALLET_LOCKED, MANDATE_REFUSED, or what the contract would refuse with */
  submit(action: StandingAction): Promise<void>;
}
