/** Orders in a list, for both sides. */
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { percent, shortHash } from '../../models/format.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';
import { standingOf } from './order-standing.ts';

export interface OrderTableProps {
  readonly label: string;
  readonly orders: readonly OrderView[];
  /** Beside something else: without the other side of the order. */
  readonly narrow?: boolean;
}

export function OrderTable({ label, orders, narrow = false }: OrderTableProps) {
  const { t } = useTranslation('orders');
  const navigate = useNavigate();
  const nameOf = useAccountName();
  const open = ({ id }: OrderView): void => void navigate({ to: '/orders/$order', params: { order: id } });
  const other = ({ role, buyer, seller }: OrderView): string => (role === 'buyer' ? seller : buyer);
  const columns: readonly Column<OrderView>[] = [
    { key: 'title', header: t('table.what'), cell: (order) => <span className="two-lines"><bdi className="t-medium">{order.title ?? t('untitled')}</bdi><small className="t-mono">{shortHash(order.id)}</small></span> },
    ...(narrow ? [] : [{ key: 'other', header: t(orders[0]?.role === 'seller' ? 'table.buyer' : 'table.seller'), width: '170px', optional: true, cell: (order: OrderView) => <Address address={other(order)} name={nameOf(other(order))} icon={nameOf(other(order)) === null} /> }]),
    { key: 'state', header: t('table.state'), width: '180px', cell: (order) => <StandingPill order={order} /> },
    { key: 'left', header: t('table.left'), width: '100px', cell: ({ deadline, turn }) => (deadline === null || turn === 'anyone' ? '–' : <span className="t-medium"><Time at={deadline.at} style="left" /></span>) },
    { key: 'price', header: t('table.price'), width: '116px', align: 'right', cell: ({ price }) => <Amount value={price} decimals={2} /> },
    { key: 'act', header: <span className="unseen">{t('table.act')}</span>, width: '110px', align: 'right', cell: (order) => <Button size="small" tabIndex={-1} onClick={(event) => { event.stopPropagation(); open(order); }}>{t(`table.open_${order.can.includes('prove') ? 'prove' : order.can.includes('confirm') ? 'confirm' : order.can.includes('post-key') ? 'key' : 'plain'}`)}</Button> },
  ];
  return <DataTable label={label} columns={columns} rows={orders} rowKey={({ id }) => id} onOpen={open} height="tall" />;
}

function StandingPill({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation('orders');
  const { tone, key, share } = standingOf(order);
  return <Pill tone={tone}>{t(`standing.${key}`)}{share !== null && ` ${percent(share)}`}</Pill>;
}
