/** What is subscribed to, and how each reads now. */
import { Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStreamsStatus, useSubscriptions } from '../../models/streams.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StreamsMissing } from './streams-missing.tsx';
import { SubscriptionTable } from './subscription-table.tsx';
import './streams.css';

export function StreamsPage() {
  const { t } = useTranslation('streams');
  const navigate = useNavigate();
  const status = useStreamsStatus();
  const subscriptions = useSubscriptions();
  if (status.data !== undefined && status.data.contracts !== 'ready') return <StreamsMissing status={status.data} />;
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} actions={<Button icon={<Search aria-hidden />} onClick={() => void navigate({ to: '/market/streams' })}>{t('find')}</Button>} />
      <Panel plain query={subscriptions} rows={5} cause={t('loading')} empty={(all) => (all.length > 0 ? null : <Empty title={t('empty.title')} action={<Link to="/market/streams">{t('empty.find')}</Link>}>{t('empty.text')}</Empty>)}>
        {(all) => <SubscriptionTable subscriptions={all} />}
      </Panel>
    </>
  );
}
