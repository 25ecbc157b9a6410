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

/** All @throws WALLET_LOCKED, UNKNOWN_ACCOUNT, KEYS_STOPPED. */
export interface MarketKeys {
  accounts(): Promise<readonly Bytes[]>;
  isUnlocked(): Promise<boolean>;
  packKey(account: Bytes, chainId: bigint, versionSalt: Bytes): Promise<Bytes>;
  orderPoint(order: OrderKeyFacts): Promise<Bytes>;
  openDelivery(order: OrderKeyFacts, orderId: Bytes, delivery: PostedDelivery): Promise<Bytes>;
  revealForProof(order: OrderKeyFacts, orderId: Bytes, delivery: PostedDelivery): Promise<{ readonly b: Bytes; readonly key: Bytes }>;
  /** @throws BAD_DELIVERY when the key is not the committed one */
  sealDelivery(request: { readonly account: Bytes; readonly chainId: bigint; readonly versionSalt: Bytes; readonly keyCommit: Bytes; readonly orderId: Bytes; readonly buyerPoint: Bytes }): Promise<PostedDelivery>;
}

/** A step that a mandate covers, without a sheet. */
export interface MandatedStep {
  /** Idempotency key. */
  readonly id: string;
  readonly kind: string;
  readonly account: Bytes;
  readonly to: Bytes;
  readonly payload: Bytes;
  readonly mandate: string;
  readonly subject: { readonly kind: 'order' | 'listing'; readonly id: Hex };
}

export type StepState = 'none' | 'under-way' | 'done' | 'failed';

/** The wallet's outbox as the market uses it. */
export interface MarketSender {
  /** Writes the step down and sends it; the same id again does nothing. @throws what the contract would refuse with */
  submit(step: MandatedStep): Promise<void>;
  stateOf(id: string): StepState;
}

export interface MarketContracts {
  readonly addresses: MarketAddresses;
  readonly parameters: MarketParameters;
  readonly periodMillis: Millis;
}
