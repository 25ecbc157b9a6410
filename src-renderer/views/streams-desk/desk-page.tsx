/** The publisher's desk of streams: what runs, and what it brings. */
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { StreamDesk } from '../../../src-node/api/contract/index.ts';
import { cpc } from '../../models/format.ts';
import { useStreamsStatus } from '../../models/streams.ts';
import { useStreamDesk } from '../../models/streams-desk.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { IncomeChart } from '../desk/income-chart.tsx';
import { PartLinks } from '../shell/part-links.tsx';
import { StreamsMissing } from '../streams/streams-missing.tsx';
import { PublishedTable } from './published-table.tsx';
import '../desk/desk.css';
import '../streams/streams.css';
import './streams-desk.css';

export function StreamsDeskPage() {
  const { t } = useTranslation('stream-desk');
  const navigate = useNavigate();
  const status = useStreamsStatus();
  const desk = useStreamDesk();
  if (status.data !== undefined && status.data.contracts !== 'ready') return <StreamsMissing status={status.data} />;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} actions={<><PartLinks of="desk" at={1} /><Button variant="ink" icon={<Plus aria-hidden />} onClick={() => void navigate({ to: '/desk/streams/new' })}>{t('create')}</Button></>} />
      <Panel plain query={desk} rows={6} cause={t('loading')} empty={({ streams }) => (streams.length > 0 ? null : <Empty title={t('empty.title')} action={<Link to="/desk/streams/new">{t('empty.create')}</Link>}>{t('empty.text')}</Empty>)}>{(data) => <DeskBody desk={data} />}</Panel>
    </>
  );
}

function DeskBody({ desk }: { readonly desk: StreamDesk }) {
  const { t } = useTranslation(['stream-desk', 'desk']);
  const ready = { data: desk, error: null, refetch: () => undefined };
  return (
    <div className="desk">
      <div className="desk__top">
        <section className="streams-desk__list" aria-label={t('streams')}><PublishedTable streams={desk.streams} /></section>
        <aside className="desk__money" aria-label={t('money.title')}>
          <dl><dt className="t-label">{t('money.redeemable')}</dt><dd><Amount value={desk.redeemable} decimals={2} size="figure" unit /></dd></dl>
          <p className="t-small c-2">{t('money.text')}</p>
          <dl className="desk__sums ruled">
            <div><dt>{t('money.earned')}</dt><dd><Amount value={desk.earned} decimals={2} unit /></dd></div>
            <div><dt>{t('money.fee')}</dt><dd>{desk.redeemFee === null ? '–' : cpc(desk.redeemFee, { decimals: 4, unit: true })}</dd></div>
          </dl>
        </aside>
      </div>
      <Panel title={t('desk:income.title', { count: desk.earnedByDay.length })} query={ready} empty={({ earned }) => (earned === 0n ? <p className="c-3">{t('desk:income.none')}</p> : null)}>{({ earnedByDay }) => <IncomeChart days={earnedByDay} />}</Panel>
    </div>
  );
}
