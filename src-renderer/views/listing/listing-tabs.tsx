import { useTranslation } from 'react-i18next';
import type { Column as DataColumn, ListingView } from '../../../src-node/api/contract/index.ts';
import { percent } from '../../models/format.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ListingPreview } from './listing-preview.tsx';
import { ListingStorage } from './listing-storage.tsx';
import { ListingVersions } from './listing-versions.tsx';
import { TermsText } from './terms-text.tsx';

export interface ListingTabsProps {
  readonly listing: ListingView;
  readonly tab: string;
  readonly onTab: (tab: string) => void;
}

export function ListingTabs({ listing, tab, onTab }: ListingTabsProps) {
  const { t } = useTranslation('listing');
  const { columns: found, description, preview, versions, places } = listing;
  const columns: readonly Column<DataColumn>[] = [
    { key: 'name', header: t('column.name'), cell: ({ name }) => <bdi className="t-mono t-medium">{name}</bdi> },
    { key: 'type', header: t('column.type'), width: '140px', cell: ({ type }) => <span className="c-2">{t(`type.${type}`)}</span> },
    { key: 'range', header: t('column.range'), cell: ({ min, max }) => (min === null ? '–' : <bdi>{min} → {max}</bdi>) },
    { key: 'null', header: t('column.missing'), width: '90px', align: 'right', cell: ({ nullPct }) => percent(nullPct / 100) },
  ];
  return (
    <Tabs
      label={t('tabs')}
      value={tab}
      onChange={onTab}
      tabs={[
        { id: 'about', label: t('tab.about'), content: <p className="listing__description"><bdi>{description === null ? t('text_wait') : description === '' ? t('no_description') : description}</bdi></p> },
        { id: 'data', label: t('tab.data'), count: found.length, content: found.length === 0 ? <p className="c-2">{t('no_columns')}</p> : <DataTable label={t('tab.data')} columns={columns} rows={found} rowKey={({ name }) => name} height="tight" /> },
        { id: 'preview', label: t('tab.preview'), count: preview?.rows.length, content: preview === null ? <p className="c-2">{t('no_preview')}</p> : <ListingPreview preview={preview} /> },
        { id: 'terms', label: t('tab.terms'), content: <TermsText listing={listing} /> },
        { id: 'versions', label: t('tab.versions'), count: versions.length, content: <ListingVersions versions={versions} /> },
        { id: 'storage', label: t('tab.storage'), count: places.length, content: <ListingStorage listing={listing} /> },
      ]}
    />
  );
}
