import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { SubscriptionView } from '../../../src-node/api/contract/index.ts';
import { threeFigures } from '../../models/format.ts';
import { useTitle } from '../../models/title.ts';
import { Amount } from '../../ui/amount.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';
import { usePlanWords } from './plan-words.ts';
import { ReadingPill } from './reading-pill.tsx';

export function SubscriptionTable({ subscriptions }: { readonly subscriptions: readonly SubscriptionView[] }) {
  const { t } = useTranslation('streams');
  const navigate = useNavigate();
  const titleOf = useTitle();
  const { priceOf } = usePlanWords();
  const columns: readonly Column<SubscriptionView>[] = [
    { key: 'title', header: t('table.stream'), cell: (one) => <span className="two-lines"><Link to="/streams/$channel" params={{ channel: one.channel }} className="t-medium streams__name"><bdi>{titleOf(one) ?? t('untitled')}</bdi></Link><small>{priceOf(one.spend)}{one.recording?.state === 'running' ? ` · ${t('table.recording')}` : ''}</small></span> },
    { key: 'state', header: t('table.state'), width: '132px', cell: (one) => <ReadingPill subscription={one} /> },
    { key: 'rate', header: t('table.rate'), width: '96px', align: 'right', cell: ({ reading }) => (reading.ratePerSecond === null ? '–' : threeFigures(reading.ratePerSecond)) },
    { key: 'lag', header: t('table.lag'), width: '72px', align: 'right', optional: true, cell: ({ reading }) => (reading.lagMillis === null ? '–' : (reading.lagMillis / 1000).toFixed(1)) },
    { key: 'spent', header: t('table.spent'), width: '112px', align: 'right', cell: ({ spend }) => <Amount value={spend.spentToday} decimals={2} /> },
    { key: 'cap', header: t('table.cap'), width: '88px', align: 'right', cell: ({ spend }) => (spend.capPerDay === null ? <span className="c-3">{t('table.no_cap')}</span> : <Amount value={spend.capPerDay} decimals={2} />) },
    { key: 'left', header: t('table.left'), width: '104px', align: 'right', cell: ({ spend }) => <Amount value={spend.deposit - spend.signed} decimals={2} /> },
    { key: 'until', header: t('table.until'), width: '104px', align: 'right', cell: ({ closesAt, expiresAt }) => <span className="c-2"><Time at={closesAt ?? expiresAt} style="left" /></span> },
  ];
  return <DataTable label={t('title')} columns={columns} rows={subscriptions} rowKey={({ channel }) => channel} onOpen={({ channel }) => void navigate({ to: '/streams/$channel', params: { channel } })} />;
}
