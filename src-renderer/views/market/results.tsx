/** What was found, and on the home of the market the four newest above it. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { grouped } from '../../models/format.ts';
import type { SearchPage } from '../../models/market.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel, type PanelQuery } from '../../ui/panel.tsx';
import { NewCard } from './new-card.tsx';
import { ResultRow } from './result-row.tsx';

export interface ResultsProps {
  readonly query: PanelQuery<SearchPage>;
  readonly searching: boolean;
  /** Whether the newest come first. */
  readonly newest: boolean;
  readonly onClear: () => void;
  readonly onMore: () => void;
}

const CARDS = 4;

export function Results({ query, searching, newest, onClear, onMore }: ResultsProps) {
  const { t } = useTranslation('market');
  const total = query.data?.total;
  const cards = !searching && newest ? (query.data?.listings ?? []).slice(0, CARDS) : [];
  return (
    <div className="market__found">
      {cards.length === CARDS && <section aria-labelledby="new"><h2 id="new" className="t-h">{t('new')}</h2><div className="market__cards">{cards.map((listing) => <NewCard key={listing.id} listing={listing} />)}</div></section>}
      <Panel
        plain={searching}
        title={total === undefined ? t('reading') : t('found', { count: total, listings: grouped(total) })}
        aside={searching && <button type="button" className="link t-small" onClick={onClear}>{t('clear')}</button>}
        query={query}
        rows={5}
        cause={t('loading')}
        empty={(data) => (data.total > 0 ? null : searching ? <Empty title={t('empty.none')} action={<Button onClick={onClear}>{t('clear')}</Button>}>{t('empty.try')}</Empty> : <Empty title={t('empty.title')} action={<Link to="/publish">{t('empty.publish')}</Link>}>{t('empty.text')}</Empty>)}
      >
        {(data) => (
          <>
            <ul>{data.listings.map((listing) => <ResultRow key={listing.id} listing={listing} />)}</ul>
            {data.total > data.listings.length && <Button className="above-4" onClick={onMore}>{t('more')}</Button>}
          </>
        )}
      </Panel>
    </div>
  );
}
