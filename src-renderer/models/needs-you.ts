/** What waits for the user, with its clock. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { NeedsYou } from '../../src-node/api/contract/index.ts';
import { useApiQuery } from './query.ts';

/** Sorted by what runs out first; things without a clock come last. */
export function useNeedsYou(): UseQueryResult<readonly NeedsYou[], unknown> {
  return useApiQuery({ topic: 'orders', name: 'needsYou', read: async (api, signal) => byClock(await api.orders.needsYou(undefined, { signal })) });
}

export function byClock(entries: readonly NeedsYou[]): readonly NeedsYou[] {
  return entries.toSorted((one, other) => (one.deadline ?? Infinity) - (other.deadline ?? Infinity));
}

/** What other programs ask belongs to no page. */
export function isOfAPage({ subject }: NeedsYou): boolean {
  return subject.kind !== 'request';
}

/** What the seller has to do stands on his desk; all else of a page belongs to a purchase. */
const SELLERS: ReadonlySet<string> = new Set(['post-key', 'unlock-to-deliver', 'gas-above-limit']);

export function isSellers({ key }: NeedsYou): boolean {
  return SELLERS.has(key);
}

/** What is done by unlocking the wallet, on any page. */
export function isDoneByUnlocking({ key }: NeedsYou): boolean {
  return key.startsWith('unlock-');
}

/** The page that does something about it. */
export function needsYouPath(entry: NeedsYou): { readonly to: '/orders/$order' | '/market/$listing' | '/publish/$draft' | '/wallet' | '/'; readonly params: Readonly<Record<string, string>> } {
  switch (entry.subject.kind) {
    case 'order': return { to: '/orders/$order', params: { order: entry.subject.id } };
    case 'listing': return { to: '/market/$listing', params: { listing: entry.subject.id } };
    case 'draft': return { to: '/publish/$draft', params: { draft: entry.subject.id } };
    case 'wallet': return { to: '/wallet', params: {} };
    case 'request': return { to: '/', params: {} };
  }
}
