/** The ledger: what moved, page by page, and what kind of thing it was. */
import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import type { Movement } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import type { MovementPage } from './wallet.ts';

const PAGE = 50;

export function useMovementPages(account: string | undefined): UseInfiniteQueryResult<InfiniteData<MovementPage>, unknown> {
  const api = useApi();
  return useInfiniteQuery<MovementPage, unknown, InfiniteData<MovementPage>, readonly unknown[], string | null>({
    queryKey: ['wallet', 'movement-pages', account],
    queryFn: ({ pageParam, signal }) => api.wallet.movements({ limit: PAGE, ...(account === undefined ? {} : { account }), ...(pageParam === null ? {} : { before: pageParam }) }, { signal }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
  });
}

export type MovementFilter = 'all' | 'in' | 'out' | 'market' | 'staking';

const MARKET = /^PD(Escrow|Listing|Fraud|Stream|Channel|Gateway)\./;
const STAKING = /^Rnode\./i;

export function fitsFilter(movement: Movement, filter: MovementFilter): boolean {
  switch (filter) {
    case 'all': return true;
    case 'in': return movement.amount > 0n;
    case 'out': return movement.amount < 0n;
    case 'market': return MARKET.test(movement.method ?? '');
    case 'staking': return STAKING.test(movement.method ?? '');
  }
}
