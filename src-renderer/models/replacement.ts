/** What was signed and waits for its block, and what may take its place. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { Amount, PendingMovement, Proposal, Replacement, ReplacementOffer } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiQuery } from './query.ts';

export function usePending(account: string): UseQueryResult<readonly PendingMovement[], unknown> {
  return useApiQuery({ topic: 'activity', name: 'pending', input: account, read: (api, signal) => api.wallet.pending({ account }, { signal }) });
}

export interface ReplacementWish {
  readonly activity: string;
  readonly purpose: Replacement;
}

/** The price that the network asks for now, and the least that it takes. */
export function useReplacementOffer(wish: ReplacementWish): UseQueryResult<ReplacementOffer, unknown> {
  return useApiQuery({ topic: 'activity', name: 'replacement-offer', input: wish, read: (api, signal) => api.wallet.replacementOffer(wish, { signal }) });
}

/** Prices the replacement; nothing is signed by it. */
export function usePrepareReplacement(): (input: ReplacementWish & { readonly gasPrice: Amount }) => Promise<Proposal> {
  const api = useApi();
  return (input) => api.wallet.prepareReplacement(input);
}
