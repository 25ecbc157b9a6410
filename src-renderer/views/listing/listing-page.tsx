/** One listing: what it holds, on which terms, and the decision. */
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Column as DataColumn, ListingView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, percent } from '../../models/format.ts';
import { useListing } from '../../models/market.ts';
import { DataPrint } from '../../ui/data-print.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Tag } from '../../ui/tag.tsx';
import { Time } from '../../ui/time.tsx';
import { DecisionColumn } from './decision-column.tsx';
import { TermsText } from './terms-text.tsx';
import './listing.css';

export function ListingPage() {
  const { t } = useTranslation('listing');
  const { listing: id } = useParams({ from: '/market/$listing' });
  const query = useListing(id);
  return (
    <Panel plain query={query} rows={8} cause={t('loading')}>
      {(listing) => (
        <>
          <PageHead crumbs={<Link to="/market">{t('crumb')}</Link>} title={<bdi>{listing.title ?? t(`text.${listing.textState}`)}</bdi>} lead={<bdi>{listing.summary ?? listing.textReason ?? t('text_wait')}</bdi>} />
          <div className="listing">
            <div className="listing__facts">
              <DataPrint bars={listing.print} size="large" />
              <StatStrip>
                <Stat label={t('size')} value={bytes(listing.totalBytes)} />
                <Stat label={t('rows')} value={listing.rows === null ? '–' : grouped(listing.rows)} />
                <Stat label={t('format')} value={listing.format ?? '–'} />
                <Stat label={t('places')} value={listing.places.map(({ label }) => label).join(', ') || '–'} />
              </StatStrip>
              <div className="row wrap">{listing.tags.map((tag) => <Tag key={tag}><bdi>{tag}</bdi></Tag>)}</div>
              <ListingTabs listing={listing} />
            </div>
            <DecisionColumn listing={listing} />
          </div>
        </>
      )}
    </Panel>
  );
}

function ListingTabs({ listing }: { readonly listing: ListingView }) {
  const { t } = useTranslation('listing');
  const columns: readonly Column<DataColumn>[] = [
    { key: 'name', header: t('column.name'), cell: ({ name }) => <bdi className="t-mono">{name}</bdi> },
    { key: 'type', header: t('column.type'), width: '110px', cell: ({ type }) => t(`type.${type}`) },
    { key: 'null', header: t('column.missing'), width: '110px', align: 'right', cell: ({ nullPct }) => percent(nullPct / 100) },
    { key: 'range', header: t('column.range'), cell: ({ min, max }) => (min === null ? '–' : <bdi>{min} … {max}</bdi>) },
  ];
  return (
    <Tabs
      label={t('tabs')}
      tabs={[
        { id: 'data', label: t('tab.data'), count: listing.columns.length, content: listing.columns.length === 0 ? <p className="c-2">{t('no_columns')}</p> : <DataTable label={t('tab.data')} columns={columns} rows={listing.columns} rowKey={({ name }) => name} height="tight" /> },
        { id: 'preview', label: t('tab.preview'), content: <Preview listing={listing} /> },
        { id: 'terms', label: t('tab.terms'), content: <TermsText listing={listing} /> },
        { id: 'versions', label: t('tab.versions'), count: listing.versions.length, content: <Versions listing={listing} /> },
      ]}
    />
  );
}

function Preview({ listing }: { readonly listing: ListingView }) {
  const { t } = useTranslation('listing');
  const { preview } = listing;
  if (preview === null) return <p className="c-2">{t('no_preview')}</p>;
  return (
    <div className="listing__preview" tabIndex={0} role="region" aria-label={t('tab.preview')}>
      <table className="t-small">
        <thead><tr>{preview.header.map((name) => <th key={name} scope="col"><bdi>{name}</bdi></th>)}</tr></thead>
        <tbody>{preview.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}><bdi>{cell}</bdi></td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

function Versions({ listing }: { readonly listing: ListingView }) {
  const { t } = useTranslation('listing');
  return (
    <ul className="listing__versions ruled">
      {listing.versions.map((version) => (
        <li key={version.no} className="row apart">
          <span className="t-medium">{t('version', { no: version.no })}</span>
          <span>{bytes(version.totalBytes)}, {t('chunks', { count: version.chunkCount })}</span>
          <span className="t-mono t-small c-2">{version.dataRoot.slice(0, 10)}…{version.dataRoot.slice(-6)}</span>
          <Time at={version.addedAt} style="point" />
        </li>
      ))}
    </ul>
  );
}
