/** The seller's desk: keys that wait, money to take, income, listings, orders. */
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Desk } from '../../../src-node/api/contract/index.ts';
import { useDesk } from '../../models/orders.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { OrderTable } from '../orders/order-table.tsx';
import { PartLinks } from '../shell/part-links.tsx';
import { DeliveryPanel } from './delivery-panel.tsx';
import { DeskMoney } from './desk-money.tsx';
import { IncomeChart } from './income-chart.tsx';
import { ListingTable } from './listing-table.tsx';
import { WaitingKeys } from './waiting-keys.tsx';
import './desk.css';

export function DeskPage() {
  const { t } = useTranslation('desk');
  const navigate = useNavigate();
  const desk = useDesk();
  return (
    <>
      <PageHead title={t('title')} actions={<><PartLinks of="desk" at={0} /><Button variant="ink" icon={<Plus aria-hidden />} onClick={() => void navigate({ to: '/publish' })}>{t('publish')}</Button></>} />
      <Panel plain query={desk} rows={6} cause={t('loading')} empty={(data) => (data.listings.length > 0 ? null : <Empty title={t('empty.title')} action={<Link to="/publish">{t('empty.publish')}</Link>}>{t('empty.text')}</Empty>)}>
        {(data) => <DeskBody desk={data} />}
      </Panel>
    </>
  );
}

function DeskBody({ desk }: { readonly desk: Desk }) {
  const { t } = useTranslation('desk');
  const ready = { data: desk, error: null, refetch: () => undefined };
  return (
    <div className="desk">
      <div className="desk__top"><WaitingKeys desk={desk} /><DeskMoney desk={desk} /></div>
      <Panel title={t('income.title', { count: desk.earnedByDay.length })} query={ready} empty={({ earned }) => (earned === 0n ? <p className="c-3">{t('income.none')}</p> : null)}>{({ earnedByDay }) => <IncomeChart days={earnedByDay} />}</Panel>
      <Panel title={t('listings')} query={ready}>{({ listings }) => <ListingTable listings={listings} />}</Panel>
      <DeliveryPanel desk={desk} />
      <Panel title={t('recent')} query={ready} empty={({ recent }) => (recent.length === 0 ? <p className="c-3">{t('none_recent')}</p> : null)}>{({ recent }) => <OrderTable label={t('recent')} orders={recent} />}</Panel>
    </div>
  );
}
