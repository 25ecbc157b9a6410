/** Search, facets, and what is on offer; or how a market comes to this network. */
import { useNavigate } from '@tanstack/react-router';
import { Plus, Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { grouped } from '../../models/format.ts';
import { useMarketStatus, useSearch, type SearchSort } from '../../models/market.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Select } from '../../ui/select.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { PartLinks } from '../shell/part-links.tsx';
import { FacetChips } from './facet-chips.tsx';
import { FacetColumn } from './facet-column.tsx';
import { isFiltered, NO_FACETS, type Facets } from './facets.ts';
import { MarketMissing } from './market-missing.tsx';
import { Results } from './results.tsx';
import './market.css';

const PAGE = 20;
const SORTS: readonly SearchSort[] = ['relevance', 'newest', 'price'];

export function MarketPage() {
  const { t } = useTranslation('market');
  const navigate = useNavigate();
  const status = useMarketStatus();
  const [text, setText] = useState('');
  const [facets, setFacets] = useState<Facets>(NO_FACETS);
  const [sort, setSort] = useState<SearchSort>('newest');
  const [limit, setLimit] = useState(PAGE);
  const words = useDeferredValue(text);
  const ready = status.data?.contracts === 'ready';
  const { category, mine, open } = facets;
  const found = useSearch({ text: words, ...(category === null ? {} : { category }), mine, open, sort, limit }, ready);
  if (status.data !== undefined && !ready) return <MarketMissing status={status.data} />;
  const searching = words.trim() !== '' || isFiltered(facets);
  const hits = found.data?.categories ?? {};
  const set = (change: Partial<Facets>): void => {
    setLimit(PAGE);
    setFacets({ ...facets, ...change });
  };
  return (
    <>
      <PageHead
        title={t('title')}
        lead={status.data === undefined ? t('lead') : t('indexed', { block: grouped(status.data.indexedBlock ?? 0), count: status.data.listings, listings: grouped(status.data.listings) })}
        actions={<><PartLinks of="market" at={0} /><Button icon={<Plus aria-hidden />} onClick={() => void navigate({ to: '/publish' })}>{t('publish')}</Button></>}
      />
      <div className="market__search">
        <TextInput className="market__words-field" type="search" icon={<Search />} placeholder={t('search')} aria-label={t('search')} maxLength={200} value={text} onChange={(event) => { setLimit(PAGE); setText(event.target.value); }} />
        <Select hideLabel label={t('sort.label')} value={sort} onChange={setSort} options={SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))} />
      </div>
      <div className={searching ? 'market__narrow' : undefined}><FacetChips facets={facets} hits={hits} onChange={set} /></div>
      <div className={searching ? 'market__results' : undefined}>
        {searching && <FacetColumn facets={facets} hits={hits} onChange={set} />}
        <Results query={status.data === undefined && status.error !== null ? { data: undefined, error: status.error, refetch: status.refetch } : found} searching={searching} newest={sort === 'newest'} onClear={() => { setText(''); setFacets(NO_FACETS); }} onMore={() => setLimit(limit + PAGE)} />
      </div>
    </>
  );
}
