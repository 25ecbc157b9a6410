/** A plain table with our look. Rows that open are reached with the arrows or J and K, and opened with Enter. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import './data-table.css';

const VIRTUAL_FROM = 200;
/** Pixels, as in the style sheet. */
const ROW_HEIGHTS = { normal: 44, tight: 34, tall: 60 } as const;
const OVERSCAN = 12;

export interface Column<Row> {
  readonly key: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'right';
  /** CSS width; the columns without share the rest. */
  readonly width?: string;
  /** Leaves the table below 1160 px. */
  readonly optional?: boolean;
}

export interface DataTableProps<Row> {
  /** What the table holds, for readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly onOpen?: ((row: Row) => void) | undefined;
  readonly selected?: string | undefined;
  /** No head: for short lists whose columns speak for themselves. */
  readonly headless?: boolean;
  readonly height?: 'normal' | 'tight' | 'tall';
}

export function DataTable<Row>({ label, columns, rows, rowKey, onOpen, selected, headless = false, height = 'normal' }: DataTableProps<Row>) {
  const table = useRef<HTMLTableElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: rows.length > VIRTUAL_FROM,
    estimateSize: () => ROW_HEIGHTS[height],
    getScrollElement: () => table.current?.closest<HTMLElement>('[data-scroll]') ?? null,
    overscan: OVERSCAN,
  });
  const windowed = rows.length > VIRTUAL_FROM ? virtual.getVirtualItems() : null;
  const shown = windowed === null ? rows : windowed.flatMap((item) => rows.slice(item.index, item.index + 1));
  const before = windowed?.[0]?.start ?? 0;
  const after = windowed === null ? 0 : virtual.getTotalSize() - (windowed.at(-1)?.end ?? 0);
  const cellClass = (column: Column<Row>): string => classNames(column.align === 'right' && 'right', column.optional === true && 'data-table__optional');

  return (
    <table ref={table} className={classNames('data-table', `data-table--${height}`)} aria-rowcount={windowed === null ? undefined : rows.length}>
      <caption className="unseen">{label}</caption>
      <colgroup>{columns.map((column) => <col key={column.key} className={column.optional === true ? 'data-table__optional' : undefined} style={column.width === undefined ? undefined : { width: column.width }} />)}</colgroup>
      <thead className={headless ? 'unseen' : undefined}>
        <tr>{columns.map((column) => <th key={column.key} scope="col" className={cellClass(column)}>{column.header}</th>)}</tr>
      </thead>
      <tbody onKeyDown={moveFocus}>
        {before > 0 && <tr aria-hidden style={{ height: before }} />}
        {shown.map((row, index) => {
          const key = rowKey(row);
          return (
            <tr
              key={key}
              className={classNames(onOpen !== undefined && 'data-table__open', key === selected && 'data-table__selected')}
              aria-selected={selected === undefined ? undefined : key === selected}
              {...(onOpen === undefined ? {} : { tabIndex: index === 0 ? 0 : -1, onClick: () => onOpen(row), onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => openWithEnter(event, () => onOpen(row)) })}
            >
              {columns.map((column) => <td key={column.key} className={cellClass(column)}>{column.cell(row)}</td>)}
            </tr>
          );
        })}
        {after > 0 && <tr aria-hidden style={{ height: after }} />}
      </tbody>
    </table>
  );
}

function openWithEnter(event: KeyboardEvent<HTMLTableRowElement>, open: () => void): void {
  if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
  event.preventDefault();
  open();
}

function moveFocus(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const down = event.key === 'ArrowDown' || event.key === 'j';
  const up = event.key === 'ArrowUp' || event.key === 'k';
  if ((!down && !up) || !(event.target instanceof HTMLTableRowElement)) return;
  const next = down ? event.target.nextElementSibling : event.target.previousElementSibling;
  if (!(next instanceof HTMLTableRowElement) || next.tabIndex < -1) return;
  event.preventDefault();
  next.focus();
}
