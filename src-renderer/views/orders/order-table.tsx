/** Orders in a list, for both sides. */
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OrderState, OrderView } from '../../../src-node/api/contract/index.ts';
import { Amount } from '../../ui/amount.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';

const TONES: Readonly<Record<OrderState, 'ok' | 'wait' | 'warn' | 'bad' | 'idle'>> = { placing: 'wait', funded: 'wait', ready: 'wait', cancelling: 'warn', keyed: 'wait', settled: 'ok', cancelled: 'idle', lapsed: 'idle', expired: 'warn', fraud: 'bad' };

export function OrderTable({ label, orders }: { readonly label: string; readonly orders: readonly OrderView[] }) {
  const { t } = useTranslation('orders');
  const navigate = useNavigate();
  const columns: readonly Column<OrderView>[] = [
    { key: 'title', header: t('table.what'), cell: ({ title }) => <bdi className="t-medium">{title ?? t('untitled')}</bdi> },
    { key: 'state', header: t('table.state'), width: '170px', cell: ({ state }) => <Pill tone={TONES[state]}>{t(`state.${state}`)}</Pill> },
    { key: 'copy', header: t('table.copy'), width: '170px', optional: true, cell: ({ copy }) => <span className="c-2">{t(`copy.${copy.state}`)}</span> },
    { key: 'left', header: t('table.left'), width: '110px', align: 'right', cell: ({ deadline }) => (deadline === null ? '–' : <Time at={deadline.at} style="left" />) },
    { key: 'price', header: t('table.price'), width: '130px', align: 'right', cell: ({ price }) => <Amount value={price} decimals={2} /> },
  ];
  return <DataTable label={label} columns={columns} rows={orders} rowKey={({ id }) => id} onOpen={({ id }) => void navigate({ to: '/orders/$order', params: { order: id } })} />;
}
