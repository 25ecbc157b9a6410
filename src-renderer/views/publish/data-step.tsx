import { useTranslation } from 'react-i18next';
import type { Column as DataColumn, DraftView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, percent } from '../../models/format.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Note } from '../../ui/note.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { DataPreview } from './data-preview.tsx';

export function DataStep({ draft, onNext }: { readonly draft: DraftView; readonly onNext: () => void }) {
  const { t } = useTranslation('publish');
  const { profile } = draft;
  const columns: readonly Column<DataColumn>[] = [
    { key: 'name', header: t('column.name'), cell: ({ name }) => <bdi className="t-mono">{name}</bdi> },
    { key: 'type', header: t('column.type'), width: '110px', cell: ({ type }) => t(`type.${type}`) },
    { key: 'missing', header: t('column.missing'), width: '110px', align: 'right', cell: ({ nullPct }) => percent(nullPct / 100) },
    { key: 'range', header: t('column.range'), cell: ({ min, max }) => (min === null ? '–' : <bdi>{min} … {max}</bdi>) },
  ];
  return (
    <div className="publish__form">
      <StatStrip>
        <Stat label={t('size')} value={bytes(draft.file.bytes)} />
        <Stat label={t('format')} value={profile?.format ?? '–'} />
        <Stat label={t('rows')} value={profile?.rows == null ? '–' : grouped(profile.rows)} />
        <Stat label={t('columns')} value={profile?.columns.length ?? '–'} />
      </StatStrip>
      {profile?.problem != null && <Note tone="warn">{profile.problem}</Note>}
      {profile !== null && profile.columns.length > 0 && <DataTable label={t('columns')} columns={columns} rows={profile.columns} rowKey={({ name }) => name} height="tight" />}
      {profile?.preview != null && <DataPreview preview={profile.preview} />}
      <div><Button variant="ink" onClick={onNext}>{t('next.describe')}</Button></div>
    </div>
  );
}
