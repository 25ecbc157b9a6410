/** Staking. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { Proposal, RNodeView } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiQuery } from './query.ts';

export function useRNode(): UseQueryResult<RNodeView, unknown> {
  return useApiQuery({ topic: 'rnode', name: 'view', read: (api, signal) => api.rnode.view(undefined, { signal }) });
}

export interface RNodeSteps {
  readonly join: (account: string) => Promise<Proposal>;
  readonly quit: (account: string) => Promise<Proposal>;
}

/** Simulates joining and leaving; nothing is signed by it. */
export function useRNodeSteps(): RNodeSteps {
  const api = useApi();
  return { join: (account) => api.rnode.prepareJoin({ account }), quit: (account) => api.rnode.prepareQuit({ account }) };
}
