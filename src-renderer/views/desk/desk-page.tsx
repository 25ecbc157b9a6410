/** The seller's desk: keys that wait, money to take, listings. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useDesk, useOrderSteps } from '../../models/orders.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { OrderTable } from '../orders/order-table.tsx';
import { DeliveryPanel } from './delivery-panel.tsx';
import { ListingTable } from './listing-table.tsx';

export function DeskPage() {
  const { t } = useTranslation('desk');
  const navigate = useNavigate();
  const desk = useDesk();
  const wallet = useWallet().data;
  const signing = useSigning();
  const { withdraw } = useOrderSteps();
  const owed = wallet?.accounts.find(({ withdrawable }) => withdrawable > 0n) ?? (wallet === undefined ? undefined : defaultAccount(wallet));
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} actions={<Button variant="ink" onClick={() => void navigate({ to: '/publish' })}>{t('publish')}</Button>} />
      <Panel plain query={desk} cause={t('loading')} empty={(data) => (data.listings.length > 0 ? null : <Empty title={t('empty.title')} action={<Link to="/publish">{t('empty.publish')}</Link>}>{t('empty.text')}</Empty>)}>
        {(data) => (
          <>
            <Note tone={data.delivering.on ? 'ok' : 'warn'}>{t(`delivering.${data.delivering.reason ?? 'on'}`)}</Note>
            <div className="row apart above-4">
              <StatStrip>
                <Stat label={t('withdrawable')} value={<Amount value={data.withdrawable} decimals={4} />} unit="CPC" />
                <Stat label={t('earned')} value={<Amount value={data.earned} decimals={4} />} unit="CPC" />
                <Stat label={t('listings')} value={data.listings.length} />
              </StatStrip>
              <Button disabledReason={data.withdrawable === 0n ? t('nothing') : undefined} busy={signing.pending ? t('running') : false} onClick={() => { if (owed !== undefined) signing.propose(() => withdraw(owed.address)); }}>{t('withdraw')}</Button>
            </div>
            {signing.error !== null && <ErrorPanel error={signing.error} />}
            <section className="panel above-4"><header className="panel__head"><h2 className="t-h">{t('waiting')}</h2></header>{data.waiting.length === 0 ? <p className="c-3">{t('none_waiting')}</p> : <OrderTable label={t('waiting')} orders={data.waiting} />}</section>
            <section className="panel above-4"><header className="panel__head"><h2 className="t-h">{t('listings')}</h2></header><ListingTable listings={data.listings} /></section>
            <DeliveryPanel desk={data} />
            <section className="panel above-4"><header className="panel__head"><h2 className="t-h">{t('recent')}</h2></header>{data.recent.length === 0 ? <p className="c-3">{t('none_recent')}</p> : <OrderTable label={t('recent')} orders={data.recent} />}</section>
          </>
        )}
      </Panel>
    </>
  );
}
