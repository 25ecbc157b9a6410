import type { Category } from '../../../src-node/api/contract/index.ts';
import { CATEGORY_ORDER } from '../../models/market.ts';

/** What the list is narrowed to. */
export interface Facets {
  readonly category: Category | null;
  readonly mine: boolean;
  /** Takes orders now. */
  readonly open: boolean;
}

export const NO_FACETS: Facets = { category: null, mine: false, open: false };

export interface FacetsProps {
  readonly facets: Facets;
  /** Listings of each category, without the category's own filter. */
  readonly hits: Readonly<Record<string, number>>;
  readonly onChange: (change: Partial<Facets>) => void;
}

export function isFiltered({ category, mine, open }: Facets): boolean {
  return category !== null || mine || open;
}

/** In the fixed order; a chosen one stays, also without hits. */
export function shownCategories({ facets, hits }: Pick<FacetsProps, 'facets' | 'hits'>): readonly Category[] {
  return CATEGORY_ORDER.filter((one) => one === facets.category || (hits[one] ?? 0) > 0);
}
