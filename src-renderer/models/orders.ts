/** Orders of both sides. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { Desk, OrderView, Proposal } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiAction, useApiQuery } from './query.ts';

export type OrderAction = 'cancel' | 'finalize-cancel' | 'confirm' | 'claim' | 'prove' | 'expire' | 'post-key' | 'decline';
export type ListingAction = 'open' | 'close' | 'retire' | 'unbond' | 'bond' | 'take-bond';
export type DeliveryAction = 'top-up' | 'take-back' | 'set' | 'replace';

export function useOrders(role: 'buyer' | 'seller', state: 'open' | 'done' | 'all'): UseQueryResult<readonly OrderView[], unknown> {
  return useApiQuery({ topic: 'orders', name: 'list', input: { role, state }, read: (api, signal) => api.orders.list({ role, state }, { signal }) });
}

export function useOrder(id: string): UseQueryResult<OrderView, unknown> {
  // A fresh order is on the chain a block after its signature: asked for again until the index has it.
  return useApiQuery({ topic: 'orders', name: 'get', input: id, every: 1000, read: (api, signal) => api.orders.get({ id }, { signal }) });
}

export function useDesk(): UseQueryResult<Desk, unknown> {
  return useApiQuery({ topic: 'orders', name: 'desk', every: 5000, read: (api, signal) => api.orders.desk(undefined, { signal }) });
}

export function useRetryOrder(): UseMutationResult<OrderView, unknown, string> {
  return useApiAction((api, id: string) => api.orders.retry({ id }), ['orders']);
}

export interface OrderSteps {
  readonly act: (id: string, action: OrderAction) => Promise<Proposal>;
  readonly withdraw: (account: string) => Promise<Proposal>;
  readonly listing: (id: string, action: ListingAction, amount?: bigint) => Promise<Proposal>;
  /** `account`: the delivery account whose money is taken back. */
  readonly delivery: (seller: string, action: DeliveryAction, account?: string) => Promise<Proposal>;
}

export function useOrderSteps(): OrderSteps {
  const api = useApi();
  return {
    act: (id, action) => api.orders.prepare({ id, action }),
    withdraw: (account) => api.orders.prepareWithdraw({ account }),
    listing: (id, action, amount) => api.orders.prepareListing({ id, action, ...(amount === undefined ? {} : { amount }) }),
    delivery: (seller, action, account) => api.orders.prepareDelivery({ seller, action, ...(account === undefined ? {} : { account }) }),
  };
}
