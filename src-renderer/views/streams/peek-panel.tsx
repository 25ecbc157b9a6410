/** A free look at rows that are a while old, verified like paid ones. */
import { Eye } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { StreamRow, StreamView } from '../../../src-node/api/contract/index.ts';
import { clock, duration, moment, type Language } from '../../models/format.ts';
import { cellText, decimalsOf } from '../../models/streams-cells.ts';
import { usePeek } from '../../models/streams.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';

const MOST_COLUMNS = 7;

export function PeekPanel({ stream: { id, columns, peekDelayMillis } }: { readonly stream: StreamView }) {
  const { t, i18n } = useTranslation('streams');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const peek = usePeek(id);
  if (peekDelayMillis === null) return <Empty title={t('peek.none')}>{t('peek.none_text')}</Empty>;
  const delay = duration(peekDelayMillis, language);
  const act = (label: string) => <Button icon={<Eye aria-hidden />} busy={peek.isPending ? t('peek.busy') : false} onClick={() => peek.mutate(undefined)}>{label}</Button>;
  if (peek.error !== null) return <ErrorPanel error={peek.error} onRetry={() => peek.mutate(undefined)} />;
  if (peek.data === undefined) return <Empty title={t('peek.title')} action={act(t('peek.look'))}>{t('peek.text', { time: delay })}</Empty>;
  const { rows, gateway, readAt } = peek.data;
  const shown = columns.slice(0, MOST_COLUMNS);
  const digits = decimalsOf(shown, rows);
  const table: readonly Column<StreamRow>[] = [
    { key: 'at', header: t('live.sent'), width: '104px', cell: ({ at }) => <span className="c-2">{clock(at, true)}</span> },
    ...shown.map((column, i): Column<StreamRow> => ({ key: column.name, header: <><bdi>{column.name}</bdi>{column.unit !== null && <> <bdi>{column.unit}</bdi></>}</>, cell: ({ values }) => <bdi>{cellText(values[i], column, digits[i] ?? 0)}</bdi>, ...(column.type === 'number' || column.type === 'integer' ? { align: 'right' as const } : {}) })),
  ];
  return (
    <>
      <div className="row apart wrap"><p className="c-2">{t('peek.read', { gateway, time: moment(readAt, { now: readAt, language }), delay, count: rows.length })}</p>{act(t('peek.again'))}</div>
      {rows.length === 0 ? <p className="c-3">{t('peek.no_rows')}</p> : <DataTable label={t('stream.tab.peek')} columns={table} rows={rows} rowKey={({ seq }) => String(seq)} height="tight" />}
    </>
  );
}
