/** What the command palette finds: the words of the market, and what a pasted text is. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ListingCard } from '../../src-node/api/contract/index.ts';
import { useApiQuery } from './query.ts';

const SHORTEST = 2;
const FOUND = 5;

export function useFoundListings(text: string): UseQueryResult<readonly ListingCard[], unknown> {
  const words = text.trim();
  return useApiQuery({
    topic: 'market', name: 'palette', input: words, keep: true, enabled: words.length >= SHORTEST && pastedKind(words) === 'words',
    read: async (api, signal) => (await api.market.search({ text: words, sort: 'relevance', offset: 0, limit: FOUND }, { signal })).listings,
  });
}

/** `hash`: an order, a listing or a transaction: 32 bytes. */
export function pastedKind(text: string): 'address' | 'hash' | 'words' {
  const trimmed = text.trim();
  return /^0x[0-9a-fA-F]{40}$/.test(trimmed) ? 'address' : /^0x[0-9a-fA-F]{64}$/.test(trimmed) ? 'hash' : 'words';
}
