import { useTranslation } from 'react-i18next';
import type { Column as DataColumn, DraftView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, percent } from '../../models/format.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Note } from '../../ui/note.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { DataPreview } from './data-preview.tsx';
import { WizardFoot } from './wizard-foot.tsx';

export function DataStep({ draft, onBack, onNext }: { readonly draft: DraftView; readonly onBack: () => void; readonly onNext: () => void }) {
  const { t } = useTranslation('publish');
  const { profile } = draft;
  const columns: readonly Column<DataColumn>[] = [
    { key: 'name', header: t('column.name'), cell: ({ name }) => <bdi className="t-mono">{name}</bdi> },
    { key: 'type', header: t('column.type'), width: '140px', cell: ({ type }) => t(`type.${type}`) },
    { key: 'range', header: t('column.range'), cell: ({ min, max }) => (min === null ? '–' : <bdi>{min} … {max}</bdi>) },
    { key: 'missing', header: t('column.missing'), width: '90px', align: 'right', cell: ({ nullPct }) => percent(nullPct / 100) },
  ];
  return (
    <>
      <div className="publish__form">
        <StatStrip>
          <Stat label={t('size')} value={bytes(draft.file.bytes)} />
          <Stat label={t('format')} value={profile?.format ?? null} />
          <Stat label={t('rows')} value={profile?.rows == null ? null : grouped(profile.rows)} />
          <Stat label={t('columns')} value={profile?.columns.length ?? null} />
        </StatStrip>
        {profile?.problem != null && <Note tone="warn">{t(`file.problem.${profile.problem}`, { defaultValue: profile.problem })}</Note>}
        {profile !== null && profile.columns.length > 0 && <DataTable label={t('columns')} columns={columns} rows={profile.columns} rowKey={({ name }) => name} height="tight" />}
        {profile?.preview != null && <section><h2 className="t-h">{t('preview')}</h2><DataPreview preview={profile.preview} /></section>}
      </div>
      <WizardFoot hint={t('hint.data')} onBack={onBack}><Button variant="ink" size="large" onClick={onNext}>{t('next.describe')}</Button></WizardFoot>
    </>
  );
}
