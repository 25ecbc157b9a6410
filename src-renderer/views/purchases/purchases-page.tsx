/** Everything that was bought. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useOrders } from '../../models/orders.ts';
import { Empty } from '../../ui/empty.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { OrderTable } from '../orders/order-table.tsx';

export function PurchasesPage() {
  const { t } = useTranslation('purchases');
  const open = useOrders('buyer', 'open');
  const done = useOrders('buyer', 'done');
  const nothing = open.data?.length === 0 && done.data?.length === 0;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      {nothing ? (
        <Empty title={t('empty.title')} action={<Link to="/market">{t('empty.market')}</Link>}>{t('empty.text')}</Empty>
      ) : (
        <>
          <Panel title={t('open')} query={open} empty={(orders) => (orders.length === 0 ? <p className="c-3">{t('none_open')}</p> : null)}>{(orders) => <OrderTable label={t('open')} orders={orders} />}</Panel>
          <div className="above-4">
            <Panel title={t('done')} query={done} empty={(orders) => (orders.length === 0 ? <p className="c-3">{t('none_done')}</p> : null)}>{(orders) => <OrderTable label={t('done')} orders={orders} />}</Panel>
          </div>
        </>
      )}
    </>
  );
}
