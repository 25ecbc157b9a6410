/** What works right now: signed acts on their way, and data that moves. */
import type { Activity, OrderView } from '../../src-node/api/contract/index.ts';
import { hasEnded, useActivities } from './activity.ts';
import { useApiQuery } from './query.ts';

const LOOKED_AT = 20;

export interface Running {
  readonly acts: readonly Activity[];
  readonly transfers: readonly OrderView[];
}

export interface RunningQuery {
  /** Undefined until both are known: nothing may look idle that was only not read yet. */
  readonly data: Running | undefined;
  readonly error: unknown;
  readonly refetch: () => void;
}

export function useRunning(): RunningQuery {
  const acts = useActivities(LOOKED_AT);
  const orders = useApiQuery({ topic: 'orders', name: 'running', read: (api, signal) => api.orders.list({ role: 'buyer', state: 'open' }, { signal }) });
  return {
    data: acts.data === undefined || orders.data === undefined ? undefined : { acts: acts.data.filter((one) => !hasEnded(one)), transfers: orders.data.filter(({ copy }) => copy.state === 'fetching' || copy.state === 'opening') },
    error: acts.error ?? orders.error,
    refetch: () => {
      void acts.refetch();
      void orders.refetch();
    },
  };
}
