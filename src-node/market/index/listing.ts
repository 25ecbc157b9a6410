/** A listing as its events tell it. */
import type { Hex } from '../../base/bytes.ts';
import { millis, seconds, toMillis, type Millis } from '../../base/clock.ts';
import type { PDListingEvent } from '../../contracts/bindings/pd-listing.gen.ts';

export interface ListingVersion {
  readonly no: number;
  readonly dataRoot: Hex;
  readonly keyCommit: Hex;
  readonly versionSalt: Hex;
  readonly totalBytes: bigint;
  readonly chunkCount: number;
  readonly suite: number;
  readonly addedAt: Millis;
  readonly retentionUntil: Millis;
  readonly withdrawn: boolean;
}

export interface ListingPlan {
  readonly planId: number;
  readonly price: bigint;
  readonly licenceHash: Hex;
  readonly active: boolean;
  readonly payees: readonly Hex[];
  readonly shares: readonly number[];
}

export interface ListingRecord {
  readonly id: Hex;
  readonly seller: Hex;
  readonly category: number;
  readonly flags: number;
  readonly status: 'Live' | 'Paused' | 'Retired';
  readonly openUntil: Millis;
  /** Seconds, as in the terms. */
  readonly keyTime: number;
  readonly disputeTime: number;
  readonly createdBlock: number;
  readonly createdAt: Millis;
  readonly metaHash: Hex;
  readonly metaUri: string;
  readonly bondFree: bigint;
  readonly bondReserved: bigint;
  readonly bondLeaving: bigint;
  /** Block from which leaving bond is paid. */
  readonly leavingAtBlock: number;
  /** Account that may answer orders, zero where there is none, and the sum of prices it may answer in 24 h of blocks. */
  readonly deliveryKey: Hex;
  readonly deliveryCap: bigint;
  readonly versions: readonly ListingVersion[];
  readonly plans: readonly ListingPlan[];
}

export interface Located<Event> {
  readonly event: Event;
  readonly block: number;
  readonly at: Millis;
  readonly transaction: Hex;
}

export const NO_ACCOUNT: Hex = `0x${'00'.repeat(20)}`;
const NO_HASH: Hex = `0x${'00'.repeat(32)}`;

/** Null before the creation is among the events; `before` is what earlier events made. */
export function foldListing(events: readonly Located<PDListingEvent>[], before: ListingRecord | null = null): ListingRecord | null {
  return events.reduce<ListingRecord | null>(applyEvent, before);
}

function applyEvent(listing: ListingRecord | null, { event, block, at }: Located<PDListingEvent>): ListingRecord | null {
  if (event.name === 'ListingCreated') {
    const { listing: id, seller, category, flags, keyTime, disputeTime } = event;
    return {
      id, seller, category, flags, keyTime, disputeTime, status: 'Paused', openUntil: millis(0), createdBlock: block, createdAt: at, metaHash: NO_HASH, metaUri: '',
      bondFree: 0n, bondReserved: 0n, bondLeaving: 0n, leavingAtBlock: 0, deliveryKey: NO_ACCOUNT, deliveryCap: 0n, versions: [], plans: [],
    };
  }
  if (listing === null) return null;
  switch (event.name) {
    case 'ListingMeta':
      return { ...listing, metaHash: event.metaHash, metaUri: event.metaUri };
    case 'ListingOpen':
      return { ...listing, openUntil: toMillis(seconds(event.openUntil)) };
    case 'ListingStatus':
      return { ...listing, status: event.status === 'None' ? listing.status : event.status };
    case 'BondChanged':
      return { ...listing, bondFree: event.free, bondReserved: event.reserved, bondLeaving: event.leaving, leavingAtBlock: event.leavingAt };
    case 'VersionAdded': {
      const { version: no, dataRoot, keyCommit, versionSalt, totalBytes, chunkCount, suite, retentionUntil } = event;
      const added = { no, dataRoot, keyCommit, versionSalt, totalBytes, chunkCount, suite, addedAt: at, retentionUntil: toMillis(seconds(retentionUntil)), withdrawn: false };
      return { ...listing, versions: [...listing.versions, added] };
    }
    case 'VersionWithdrawn':
      return { ...listing, versions: listing.versions.map((version) => (version.no === event.version ? { ...version, withdrawn: true } : version)) };
    case 'PlanSet': {
      const { planId, price, licenceHash, active, payees, shares } = event;
      return { ...listing, plans: [...listing.plans.filter((plan) => plan.planId !== planId), { planId, price, licenceHash, active, payees, shares }] };
    }
    case 'DeliveryKeySet':
      return { ...listing, deliveryKey: event.deliveryKey, deliveryCap: event.deliveryCap };
    case 'MessageKeySet':
    case 'ProfileSet':
      return listing;
  }
}

/** The version that is sold now: the newest that was not withdrawn. */
export function currentVersion(listing: ListingRecord): ListingVersion | null {
  return listing.versions.findLast(({ withdrawn }) => !withdrawn) ?? null;
}

export function cheapestPlan(listing: ListingRecord): ListingPlan | null {
  const active = listing.plans.filter((plan) => plan.active);
  return active.reduce<ListingPlan | null>((best, plan) => (best === null || plan.price < best.price ? plan : best), null);
}

/** Whether an order would be taken now. */
export function listingStatus(listing: ListingRecord, now: Millis): 'live' | 'closed' | 'retired' {
  if (listing.status === 'Retired') return 'retired';
  return listing.status === 'Live' && listing.openUntil > now ? 'live' : 'closed';
}
