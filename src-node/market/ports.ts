/** What the market needs of its neighbours; the composition root passes `keys/` and `wallet/` in. */
import type { Bytes, Hex } from '../base/bytes.ts';
import type { Millis } from '../base/clock.ts';
import type { MarketAddresses } from '../contracts/deploy.ts';
import type { MarketParameters } from '../contracts/market-parameters.ts';

/** What an order key is derived from (docs/protocol/11 §4.6). */
export interface OrderKeyFacts {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  readonly escrow: Bytes;
  readonly buyer: Bytes;
  readonly listing: Bytes;
  readonly orderNonce: bigint;
}

export interface PostedDelivery {
  /** x ‖ y. */
  readonly e: Bytes;
  readonly w: Bytes;
}

/** A seller at this market, as the keys process names him. */
export interface DeliverySeller {
  readonly seller: Bytes;
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  readonly listings: Bytes;
  readonly escrow: Bytes;
}

/** Delivery accounts (by counter) and versions that a seller's listings need answered. */
export interface HeldSeller {
  readonly at: DeliverySeller;
  /** Base units per gas. */
  readonly maxGasPrice: bigint;
  readonly counters: number[];
  readonly versions: { readonly versionSalt: Bytes; readonly keyCommit: Bytes }[];
}

/** What the keys process answers for while it is locked. */
export interface HeldDeliveries {
  readonly unlocked: boolean;
  readonly accounts: ReadonlySet<Hex>;
  readonly commits: ReadonlySet<Hex>;
}

/** All @throws WALLET_LOCKED, UNKNOWN_ACCOUNT, KEYS_STOPPED. */
export interface MarketKeys {
  accounts(): Promise<readonly Bytes[]>;
  isUnlocked(): Promise<boolean>;
  packKey(account: Bytes, chainId: bigint, versionSalt: Bytes): Promise<Bytes>;
  orderPoint(order: OrderKeyFacts): Promise<Bytes>;
  openDelivery(order: OrderKeyFacts, orderId: Bytes, delivery: PostedDelivery): Promise<Bytes>;
  revealForProof(order: OrderKeyFacts, orderId: Bytes, delivery: PostedDelivery): Promise<{ readonly b: Bytes; readonly key: Bytes }>;
  /** Addresses of the delivery accounts 0 … count - 1. */
  deliveryAccounts(at: DeliverySeller, count: number): Promise<readonly Bytes[]>;
  heldDeliveries(): Promise<HeldDeliveries>;
  holdDeliveries(sellers: readonly HeldSeller[]): Promise<HeldDeliveries>;
  /** Works for a held version while the wallet is locked. @throws BAD_DELIVERY when the key is not the committed one */
  sealDelivery(request: { readonly account: Bytes; readonly chainId: bigint; readonly versionSalt: Bytes; readonly keyCommit: Bytes; readonly orderId: Bytes; readonly buyerPoint: Bytes }): Promise<PostedDelivery>;
}

/** A step without a sheet: a mandate covers it, or `account` is a delivery account. */
export interface StandingStep {
  /** Idempotency key. */
  readonly id: string;
  readonly kind: string;
  readonly account: Bytes;
  readonly to: Bytes;
  readonly payload: Bytes;
  readonly authority: { readonly kind: 'mandate'; readonly id: string } | { readonly kind: 'delivery' };
  readonly subject: { readonly kind: 'order' | 'listing'; readonly id: Hex };
  /** Not sent for the first time after this block. */
  readonly lastBlock?: bigint;
}

export type StepState = 'none' | 'under-way' | 'done' | 'failed';

/** The wallet's outbox as the market uses it. */
export interface MarketSender {
  /** Writes the step down and sends it. The same id again does nothing, or some time after it failed, tries once more. @throws INSUFFICIENT_FUNDS, WALLET_LOCKED, or what the contract would refuse with */
  submit(step: StandingStep): Promise<void>;
  stateOf(id: string): StepState;
}

export interface MarketContracts {
  readonly addresses: MarketAddresses;
  readonly parameters: MarketParameters;
  readonly periodMillis: Millis;
}
