/** Search, categories, and what is on offer; or how a market comes to this network. */
import { Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Category } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { CATEGORY_ORDER, useMarketStatus, useSearch, type SearchSort } from '../../models/market.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { MarketMissing } from './market-missing.tsx';
import { ResultRow } from './result-row.tsx';
import './market.css';

const PAGE = 20;
const SORTS: readonly SearchSort[] = ['relevance', 'newest', 'price'];

export function MarketPage() {
  const { t } = useTranslation('market');
  const navigate = useNavigate();
  const status = useMarketStatus();
  const [text, setText] = useState('');
  const [category, setCategory] = useState<Category | null>(null);
  const [sort, setSort] = useState<SearchSort>('newest');
  const [limit, setLimit] = useState(PAGE);
  const words = useDeferredValue(text);
  const ready = status.data?.contracts === 'ready';
  const found = useSearch({ text: words, ...(category === null ? {} : { category }), sort, limit }, ready);
  if (status.data !== undefined && !ready) return <MarketMissing status={status.data} />;
  const hits = found.data?.categories ?? {};
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} actions={<Button variant="ink" onClick={() => void navigate({ to: '/publish' })}>{t('publish')}</Button>} />
      <div className="market__search">
        <TextInput look="big" type="search" icon={<Search />} placeholder={t('search')} aria-label={t('search')} value={text} onChange={(event) => setText(event.target.value)} />
        <Select hideLabel label={t('sort.label')} value={sort} onChange={setSort} options={SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))} />
      </div>
      <div className="row wrap market__chips">
        {CATEGORY_ORDER.filter((one) => one === category || (hits[one] ?? 0) > 0).map((one) => (
          <Chip key={one} on={one === category} onClick={() => setCategory(one === category ? null : one)}>{t(`category.${one}`)} <span className="c-3">{grouped(hits[one] ?? 0)}</span></Chip>
        ))}
      </div>
      <Panel
        title={t('found', { count: found.data?.total ?? 0 })}
        aside={<span className="t-small c-3">{t('indexed', { block: grouped(status.data?.indexedBlock ?? 0), count: status.data?.listings ?? 0 })}</span>}
        query={found}
        cause={t('loading')}
        empty={(data) => (data.total > 0 ? null : <Empty title={t(text === '' && category === null ? 'empty.title' : 'empty.none')} action={<Link to="/publish">{t('empty.publish')}</Link>}>{t(text === '' && category === null ? 'empty.text' : 'empty.try')}</Empty>)}
      >
        {(data) => (
          <>
            <ul className="market__list">{data.listings.map((listing) => <ResultRow key={listing.id} listing={listing} />)}</ul>
            {data.total > data.listings.length && <Button onClick={() => setLimit(limit + PAGE)}>{t('more')}</Button>}
          </>
        )}
      </Panel>
    </>
  );
}
