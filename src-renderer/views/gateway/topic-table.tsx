import { useTranslation } from 'react-i18next';
import type { GatewayTopicView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, rate, shortHash } from '../../models/format.ts';
import { Amount } from '../../ui/amount.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';

export function TopicTable({ topics }: { readonly topics: readonly GatewayTopicView[] }) {
  const { t } = useTranslation('gateway');
  const columns: readonly Column<GatewayTopicView>[] = [
    { key: 'stream', header: t('topic.stream'), cell: ({ stream, title, topic }) => <span className="two-lines"><bdi className="t-medium">{title ?? shortHash(stream)}</bdi><small className="t-mono" title={topic}>{topic}</small></span> },
    { key: 'records', header: t('topic.records'), width: '108px', align: 'right', cell: ({ first, next }) => <span title={`${grouped(first)} – ${grouped(next)}`}>{grouped(next - first)}</span> },
    { key: 'size', header: t('topic.size'), width: '76px', align: 'right', optional: true, cell: ({ bytes: size }) => (size === null ? '–' : bytes(size)) },
    { key: 'in', header: t('topic.in'), width: '88px', align: 'right', cell: ({ inBytesPerSecond }) => rate(inBytesPerSecond) },
    { key: 'readers', header: t('topic.readers'), width: '66px', align: 'right', cell: ({ readers }) => grouped(readers) },
    { key: 'owed', header: t('topic.owed'), width: '92px', align: 'right', optional: true, cell: ({ owed }) => <Amount value={owed} decimals={4} /> },
  ];
  return <DataTable label={t('topic.title')} columns={columns} rows={topics} rowKey={({ stream }) => stream} />;
}
