/** One listing: what it holds, on which terms, and the decision. */
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListingView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, shortHash, zoneLabel } from '../../models/format.ts';
import { useListing } from '../../models/market.ts';
import { useTitle } from '../../models/title.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataPrint } from '../../ui/data-print.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { Tag } from '../../ui/tag.tsx';
import { Time } from '../../ui/time.tsx';
import { DecisionColumn } from './decision-column.tsx';
import { ListingTabs } from './listing-tabs.tsx';
import { SellerLine } from './seller-line.tsx';
import './listing.css';

export function ListingPage() {
  const { t } = useTranslation('listing');
  const { listing: id } = useParams({ from: '/market/$listing' });
  const query = useListing(id);
  return (
    <>
      {query.data === undefined && <h1 className="t-head">{t('title')}</h1>}
      <Panel plain query={query} rows={8} cause={t('loading')}>{(listing) => <Listing listing={listing} />}</Panel>
    </>
  );
}

function Listing({ listing }: { readonly listing: ListingView }) {
  const { t } = useTranslation(['listing', 'market']);
  const titleOf = useTitle();
  const [tab, setTab] = useState(listing.columns.length > 0 ? 'data' : 'about');
  const { textState, summary, textReason, tags } = listing;
  return (
    <div className="listing">
      <div className="listing__facts">
        <header>
          <nav className="row t-small c-3" aria-label={t('crumbs')}><Link to="/market">{t('crumb')}</Link><span aria-hidden>›</span><span>{t(`market:category.${listing.category}`)}</span><span aria-hidden>·</span><span className="t-mono">{shortHash(listing.id)}</span><CopyButton text={listing.id} label={t('copy_id')} /></nav>
          <div className="row wrap"><h1 className="t-head listing__title"><bdi>{titleOf(listing) ?? t('no_title')}</bdi></h1>{textState !== 'ready' && <Pill tone={textState === 'invalid' ? 'bad' : 'wait'}>{t(`text.${textState}`)}</Pill>}{listing.onlySellersMachine && <Pill tone="warn">{t('only_sellers_machine')}</Pill>}</div>
          <SellerLine seller={listing.sellerCard} />
        </header>
        <p className="t-lead c-2"><bdi>{summary ?? textReason ?? t('text_wait')}</bdi></p>
        <DataPrint bars={listing.print} size="large" />
        <StatStrip>
          <Stat label={t('rows')} value={listing.rows === null ? null : grouped(listing.rows)} />
          <Stat label={t('size')} value={bytes(listing.totalBytes)} unit={listing.format?.toUpperCase()} />
          <Stat label={t('updated', { zone: zoneLabel(Date.now()) })} value={<Time at={listing.versions.at(-1)?.addedAt ?? listing.createdAt} style="point" />} />
          <Stat label={t('sold')} value={grouped(listing.settled)} unit={t('times', { count: listing.settled })} />
        </StatStrip>
        {tags.length > 0 && <div className="row wrap">{tags.map((tag) => <Tag key={tag}><bdi>{tag}</bdi></Tag>)}</div>}
        <ListingTabs listing={listing} tab={tab} onTab={setTab} />
      </div>
      <DecisionColumn listing={listing} onReadLicence={() => setTab('terms')} />
    </div>
  );
}
