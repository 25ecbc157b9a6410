/** The rows, newest first. While one reads further down they stand still, and what came meanwhile waits behind "3 new". */
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadingState, StreamColumn, StreamRow } from '../../../src-node/api/contract/index.ts';
import { clock, grouped } from '../../models/format.ts';
import { cellText, decimalsOf } from '../../models/streams-cells.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';

const READING_FROM = 8;
const COLUMN_PIXELS = 96;

export interface LiveTableProps {
  readonly rows: readonly StreamRow[];
  readonly columns: readonly StreamColumn[];
  /** The table is the page, not what stands below the charts. */
  readonly tall: boolean;
  readonly waiting: ReadingState;
}

export function LiveTable({ rows, columns, tall, waiting }: LiveTableProps) {
  const { t } = useTranslation('streams');
  const place = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<readonly StreamRow[] | null>(null);
  const shown = held ?? rows;
  const digits = decimalsOf(columns, shown);
  const fresh = held === null ? 0 : rows.findIndex(({ seq }) => seq === held[0]?.seq);
  const scrolled = (): void => setHeld((place.current?.scrollTop ?? 0) > READING_FROM ? shown : null);
  const table: readonly Column<StreamRow>[] = [
    { key: 'at', header: t('live.sent'), width: '104px', cell: ({ at }) => <span className="c-2">{clock(at, true)}</span> },
    ...columns.map((column, i): Column<StreamRow> => ({
      key: column.name, header: <><bdi>{column.name}</bdi>{column.unit !== null && <> <bdi>{column.unit}</bdi></>}</>,
      cell: ({ values }) => <bdi>{cellText(values[i], column, digits[i] ?? 0)}</bdi>, ...(column.type === 'number' || column.type === 'integer' ? { align: 'right' as const } : {}),
    })),
    { key: 'seq', header: t('live.sequence'), width: '112px', align: 'right', cell: ({ seq }) => <span className="c-3">{grouped(seq)}</span> },
  ];
  if (rows.length === 0) return <p className="c-3" role="status">{t(`live.nothing.${waiting === 'live' ? 'live' : 'else'}`)}</p>;
  return (
    <div className="live__table">
      {fresh > 0 && <div className="live__new"><Button size="small" variant="ink" onClick={() => { place.current?.scrollTo({ top: 0 }); setHeld(null); }}>{t('live.new_rows', { count: fresh, rows: grouped(fresh) })}</Button></div>}
      <div ref={place} className={tall ? 'live__rows live__rows--tall' : 'live__rows'} data-scroll="" tabIndex={0} role="region" aria-label={t('live.rows')} onScroll={scrolled}>
        <div style={{ minWidth: 216 + columns.length * COLUMN_PIXELS }}><DataTable label={t('live.rows')} columns={table} rows={shown} rowKey={({ seq }) => String(seq)} height="tight" /></div>
      </div>
    </div>
  );
}
