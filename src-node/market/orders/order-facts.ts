/** Facts of an order in the forms that keys, packages and contracts want. */
import { fromHex, hexOf, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { ChainReader, HeadInfo } from '../../chain/reader.ts';
import { pointBytes } from '../../contracts/proofs.ts';
import { keccak256Parts } from '../../crypto/keccak.ts';
import type { ListingRecord, ListingVersion } from '../index/listing.ts';
import type { OrderRecord } from '../index/order.ts';
import type { VersionFacts } from '../pdp/manifest.ts';
import type { MarketContracts, OrderKeyFacts, PostedDelivery, StepState } from '../ports.ts';

export function orderKeyFacts(order: OrderRecord, reader: Pick<ChainReader, 'chainId' | 'genesisHash'>, contracts: MarketContracts): OrderKeyFacts {
  return {
    chainId: reader.chainId,
    genesisHash: reader.genesisHash,
    escrow: fromHex(contracts.addresses.escrow),
    buyer: fromHex(order.buyer),
    listing: fromHex(order.listing),
    orderNonce: order.nonce,
  };
}

export function deliveryOf(order: OrderRecord): PostedDelivery | null {
  return order.delivery === null ? null : { e: pointBytes({ x: order.delivery.ex, y: order.delivery.ey }), w: fromHex(order.delivery.wrapped) };
}

export function buyerPointOf(order: OrderRecord): Bytes {
  return pointBytes(order.buyerKey);
}

export function versionOf(listing: ListingRecord, order: OrderRecord): ListingVersion | null {
  return listing.versions.find(({ no }) => no === order.version) ?? null;
}

export function versionFacts(listing: ListingRecord, version: ListingVersion): VersionFacts {
  return {
    seller: fromHex(listing.seller),
    versionSalt: fromHex(version.versionSalt),
    dataRoot: fromHex(version.dataRoot),
    chunkCount: version.chunkCount,
    totalBytes: version.totalBytes,
    suite: version.suite,
  };
}

/** @throws ORDER_STATE when the plan is not in the index */
export function splitOf(order: OrderRecord, listing: ListingRecord): { readonly payees: readonly Hex[]; readonly shares: readonly number[] } {
  const plan = listing.plans.find(({ planId }) => planId === order.planId);
  if (plan === undefined) throw new CodedError('ORDER_STATE', 'The price plan of this order is not in the index.', { meta: { reason: 'no-plan', order: hexOf(fromHex(order.id)) } });
  return plan;
}

/** Whether anybody may close the order now: a deadline is over GRACE blocks after it, in the next block (docs/protocol/11 §4.3). */
export function isOver(deadlineBlock: number, head: HeadInfo | null, contracts: MarketContracts): boolean {
  return deadlineBlock > 0 && head !== null && Number(head.number) + 1 >= deadlineBlock + contracts.parameters.escrow.grace;
}

/** Sent, or done: nothing to do again. */
export function isGoing(state: StepState): boolean {
  return state === 'under-way' || state === 'done';
}

/** Ids of the actions and mandates of an order: the same step never makes a second transaction. */
export const orderSteps = {
  /** The next order of a buyer has one id whatever he buys; the terms say what. */
  place: (order: Hex, termsHash: Hex): string => `place:${toHex(keccak256Parts(fromHex(order), fromHex(termsHash)))}`,
  buyMandate: (order: string): string => `buy:${order}`,
  ready: (order: string): string => `ready:${order}`,
  confirm: (order: string): string => `confirm:${order}`,
  key: (order: string): string => `key:${order}`,
  /** By the buyer, when the other side's time is over. */
  close: (order: string): string => `close:${order}`,
  /** By the seller, when the buyer's time is over. */
  claim: (order: string): string => `claim:${order}`,
} as const;
