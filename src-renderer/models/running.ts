/** What works right now: signed acts on their way, and data that moves. */
import type { Activity, OrderView } from '../../src-node/api/contract/index.ts';
import { hasEnded, useActivities } from './activity.ts';
import { useApiQuery } from './query.ts';

const LOOKED_AT = 20;

export interface Running {
  readonly acts: readonly Activity[];
  readonly transfers: readonly OrderView[];
}

export function useRunning(): Running {
  const acts = useActivities(LOOKED_AT).data ?? [];
  const orders = useApiQuery({ topic: 'orders', name: 'running', read: (api, signal) => api.orders.list({ role: 'buyer', state: 'open' }, { signal }) }).data ?? [];
  return { acts: acts.filter((one) => !hasEnded(one)), transfers: orders.filter(({ copy }) => copy.state === 'fetching' || copy.state === 'opening') };
}
