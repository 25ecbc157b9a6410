/** What streams need of their neighbours; the composition root passes `keys/`, `wallet/` and `otp/` in. */
import type { Bytes, Hex } from '../base/bytes.ts';
import type { ReceiptMessage, VoucherMessage } from '../contracts/typed-data.ts';

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
  /** A broker's password, kept encrypted; null forgets it. @throws WALLET_LOCKED */
  keepSecret(name: string, secret: string | null): Promise<void>;
  /** Null when none is kept. @throws WALLET_LOCKED */
  openSecret(name: string): Promise<string | null>;
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
