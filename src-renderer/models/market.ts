/** The market as the node's index knows it. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { Category, ListingCard, ListingView, MarketStatus, Proposal } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiAction, useApiQuery } from './query.ts';

/** In the order of the chips; the type keeps it complete. */
export const CATEGORY_ORDER = Object.keys({ transport: 0, environment: 0, energy: 0, industry: 0, finance: 0, health: 0, society: 0, science: 0, media: 0, other: 0 } satisfies Record<Category, 0>) as readonly Category[];

export type SearchSort = 'relevance' | 'newest' | 'price';

export interface SearchInput {
  readonly text: string;
  readonly category?: Category;
  readonly mine: boolean;
  /** Takes orders now. */
  readonly open: boolean;
  readonly sort: SearchSort;
  readonly limit: number;
}

export interface SearchPage {
  readonly listings: readonly ListingCard[];
  readonly total: number;
  readonly categories: Readonly<Record<string, number>>;
}

export function useMarketStatus(): UseQueryResult<MarketStatus, unknown> {
  // The block that is indexed moves with every head, the rest with the market.
  return useApiQuery({ topic: 'market', name: 'status', every: 2000, read: (api, signal) => api.market.status(undefined, { signal }) });
}

export function useSearch(input: SearchInput, enabled: boolean): UseQueryResult<SearchPage, unknown> {
  return useApiQuery({ topic: 'market', name: 'search', input, keep: true, enabled, read: (api, signal) => api.market.search({ ...input, offset: 0 }, { signal }) });
}

export function useListing(id: string): UseQueryResult<ListingView, unknown> {
  return useApiQuery({ topic: 'market', name: 'listing', input: id, read: (api, signal) => api.market.listing({ id }, { signal }) });
}

type MarketTerms = NonNullable<MarketStatus['terms']>;

const BPS = 10_000n;

/** What an order takes of the bond while it is open (docs/protocol/11 §4.6). */
export function reserveFor(price: bigint, { bondBps, minReserve }: MarketTerms): bigint {
  const share = (price * BigInt(bondBps)) / BPS;
  return share > minReserve ? share : minReserve;
}

/** What a proof brings the buyer: the price, the allowance for gas, half of the rest of the reserve. */
export function refundByProof(price: bigint, terms: MarketTerms): bigint {
  return price + terms.proofAllowance + (reserveFor(price, terms) - terms.proofAllowance) / 2n;
}

export interface MarketSteps {
  readonly deploy: (from: string) => Promise<Proposal>;
  readonly buy: (listing: string, planId: number, buyer: string) => Promise<Proposal>;
}

export function useMarketSteps(): MarketSteps {
  const api = useApi();
  return { deploy: (from) => api.market.prepareDeploy({ from }), buy: (listing, planId, buyer) => api.market.prepareBuy({ listing, planId, buyer }) };
}

export interface ContractAddresses {
  readonly listing: string;
  readonly escrow: string;
  readonly fraud: string;
}

export function useUseContracts(): UseMutationResult<MarketStatus, unknown, ContractAddresses> {
  return useApiAction((api, input: ContractAddresses) => api.market.useContracts(input), ['market']);
}
