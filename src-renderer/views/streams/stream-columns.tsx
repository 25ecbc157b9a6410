import { useTranslation } from 'react-i18next';
import type { StreamColumn } from '../../../src-node/api/contract/index.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';

export function StreamColumns({ columns }: { readonly columns: readonly StreamColumn[] }) {
  const { t } = useTranslation('streams');
  const table: readonly Column<StreamColumn>[] = [
    { key: 'name', header: t('column.name'), cell: ({ name }) => <bdi className="t-mono t-medium">{name}</bdi> },
    { key: 'type', header: t('column.type'), width: '180px', cell: ({ type }) => <span className="c-2">{t(`type.${type}`)}</span> },
    { key: 'unit', header: t('column.unit'), width: '180px', cell: ({ unit }) => (unit === null ? '–' : <bdi>{unit}</bdi>) },
  ];
  if (columns.length === 0) return <p className="c-2">{t('stream.no_columns')}</p>;
  return <DataTable label={t('stream.columns')} columns={table} rows={columns} rowKey={({ name }) => name} height="tight" />;
}
