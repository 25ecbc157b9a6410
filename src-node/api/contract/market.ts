/** The market as the local index knows it: listings, and the contracts they live in. */
import { z } from 'zod';
import { addressSchema, hashSchema, procedure, type, type Address, type Amount, type Hash, type Time } from './base.ts';
import type { Proposal } from './proposal.ts';

export interface MarketStatus {
  /** `missing`: this network has none that the program knows; `deploying`: the transactions are on their way. */
  readonly contracts: 'ready' | 'missing' | 'deploying';
  readonly addresses: { readonly fraud: Address; readonly listing: Address; readonly escrow: Address } | null;
  readonly indexedBlock: number | null;
  readonly headBlock: number | null;
  readonly listings: number;
  readonly minBond: Amount | null;
  readonly minPrice: Amount | null;
  readonly feeBps: number | null;
  /** Places outside his computer that a seller should use; with fewer he is asked, and the listing says so. */
  readonly wantedPlaces: number;
  readonly terms: { readonly keyMillis: number; readonly disputeMillis: number; readonly bondBps: number; readonly expiryBps: number; readonly minReserve: Amount; /** Of a proof; g in the protocol. */ readonly proofAllowance: Amount; readonly unbondMillis: number } | null;
}

export interface Column {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'mixed';
  readonly nullPct: number;
  readonly min: string | null;
  readonly max: string | null;
}

export interface PlanView {
  readonly planId: number;
  readonly price: Amount;
  readonly licenceId: string;
  readonly active: boolean;
}

export interface SellerView {
  readonly address: Address;
  readonly settled: number;
  readonly expired: number;
  readonly fraud: number;
  readonly bondFree: Amount;
  /** Median from "ready" to the key, over settled orders; null without one. */
  readonly medianKeyMillis: number | null;
}

export interface ListingCard {
  readonly id: Hash;
  /** Null while the seller's text is on its way, with `textState` saying so. */
  readonly title: string | null;
  /** For readers of Chinese, where the seller gave one. */
  readonly titleZh: string | null;
  readonly summary: string | null;
  readonly textState: 'ready' | 'on-its-way' | 'invalid';
  readonly textReason: string | null;
  readonly category: string;
  readonly tags: readonly string[];
  readonly seller: Address;
  readonly price: Amount | null;
  readonly totalBytes: number;
  readonly rows: number | null;
  readonly format: string | null;
  readonly status: 'live' | 'closed' | 'retired';
  readonly openUntil: Time;
  readonly bondFree: Amount;
  readonly settled: number;
  readonly createdAt: Time;
  readonly mine: boolean;
  /** The buyer's newest order of it, so that "Buy" turns into "Open". */
  readonly myOrder: Hash | null;
  /** Heights 0..1 of the data print, from the preview statistics or the data root. */
  readonly print: readonly number[];
}

export interface ListingView extends ListingCard {
  readonly description: string | null;
  readonly columns: readonly Column[];
  readonly preview: { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } | null;
  readonly versions: readonly { readonly no: number; readonly dataRoot: Hash; readonly totalBytes: number; readonly chunkCount: number; readonly addedAt: Time; readonly retentionUntil: Time }[];
  readonly plans: readonly PlanView[];
  /** `template` where the text is that of a licence which the program knows: it can be named in the reader's language. */
  readonly licence: { readonly id: string; readonly title: string; readonly text: string; readonly template: { readonly id: string; readonly grants: readonly string[]; readonly limits: readonly string[] } | null } | null;
  readonly places: readonly { readonly scheme: string; readonly label: string }[];
  /** Fewer places outside the seller's computer than there should be: it can be fetched only while that runs. */
  readonly onlySellersMachine: boolean;
  readonly sellerCard: SellerView;
  readonly terms: { readonly keyMillis: number; readonly disputeMillis: number; readonly bondBps: number };
}

export const CATEGORIES = ['transport', 'environment', 'energy', 'industry', 'finance', 'health', 'society', 'science', 'media', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

export const market = {
  status: procedure.output(type<MarketStatus>()),
  /** Puts our three contracts on this network, by ordinary transactions of `from`. */
  prepareDeploy: procedure.input(z.object({ from: addressSchema })).output(type<Proposal>()),
  /** @throws NOT_A_MARKET or CREATION_NOT_FOUND, whose `meta.contract` says of which; OTHER_CHAIN_MARKET, MIXED_MARKET of all three */
  useContracts: procedure.input(z.object({ listing: addressSchema, escrow: addressSchema, fraud: addressSchema })).output(type<MarketStatus>()),
  search: procedure
    .input(z.object({ text: z.string().max(200), category: z.enum(CATEGORIES).optional(), sort: z.enum(['relevance', 'newest', 'price']), mine: z.boolean().optional(), open: z.boolean().optional(), offset: z.number().int().min(0).max(1_000_000), limit: z.number().int().min(1).max(100) }))
    .output(type<{ readonly listings: readonly ListingCard[]; readonly total: number; readonly categories: Readonly<Record<string, number>> }>()),
  listing: procedure.input(z.object({ id: hashSchema })).output(type<ListingView>()),
  /** One sheet: places the order with `ready` given in advance only when the data is already here; else a mandate for `ready` and `confirm`. */
  prepareBuy: procedure.input(z.object({ listing: hashSchema, planId: z.number().int().min(0), buyer: addressSchema })).output(type<Proposal>()),
};
