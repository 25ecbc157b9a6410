/** What was signed, from the signature to its final block. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { Activity, ActivityState } from '../../src-node/api/contract/index.ts';
import { useApiAction, useApiQuery } from './query.ts';

/** The topic `activity` announces each step; this catches what was announced while nobody listened. */
const FOLLOW_EVERY_MILLIS = 2000;

const ENDED: readonly ActivityState[] = ['final', 'failed', 'cancelled'];

export function hasEnded(activity: Activity): boolean {
  return ENDED.includes(activity.state);
}

export function useActivities(limit: number): UseQueryResult<readonly Activity[], unknown> {
  return useApiQuery({ topic: 'activity', name: 'list', input: limit, keep: true, read: (api, signal) => api.actions.list({ limit }, { signal }) });
}

/** Follows one activity; `started` is what `confirm` returned. */
export function useActivity(started: Activity | null): Activity | null {
  const query = useApiQuery({
    topic: 'activity', name: 'get', input: started?.id, enabled: started !== null && !hasEnded(started), every: FOLLOW_EVERY_MILLIS,
    read: (api, signal) => api.actions.get({ id: started?.id ?? '' }, { signal }),
  });
  return query.data ?? started;
}

export interface Signature {
  readonly id: string;
  readonly password?: string;
}

/** Signs exactly the proposal with this id. Twice signs once. */
export function useSignProposal(): UseMutationResult<Activity, unknown, Signature> {
  return useApiAction((api, signature: Signature) => api.actions.confirm(signature), ['activity', 'wallet']);
}

/** The page on which one sees what it made. */
export function activityPath({ subject }: Activity): { readonly to: '/orders/$order' | '/market/$listing' | '/market' | '/desk/streams/$stream' | '/streams/$channel' | '/gateway' | '/wallet'; readonly params: Readonly<Record<string, string>> } {
  switch (subject?.kind) {
    case 'order': return { to: '/orders/$order', params: { order: subject.id } };
    case 'listing': return { to: '/market/$listing', params: { listing: subject.id } };
    case 'stream': return { to: '/desk/streams/$stream', params: { stream: subject.id } };
    case 'channel': return { to: '/streams/$channel', params: { channel: subject.id } };
    case 'gateway': return { to: '/gateway', params: {} };
    case 'contracts': return { to: '/market', params: {} };
    case undefined: return { to: '/wallet', params: {} };
  }
}
