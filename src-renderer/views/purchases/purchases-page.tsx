/** Everything that was bought, found by word or by where it stands. */
import { Link } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped } from '../../models/format.ts';
import { useOrders } from '../../models/orders.ts';
import { Chip } from '../../ui/chip.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { OrderTable } from '../orders/order-table.tsx';
import './purchases.css';

const FILTERS = ['all', 'running', 'here', 'refunded'] as const;
type Filter = (typeof FILTERS)[number];

const FITS: Readonly<Record<Filter, (order: OrderView) => boolean>> = {
  all: () => true,
  running: ({ turn }) => turn !== 'nobody',
  here: ({ copy }) => copy.state === 'verified',
  refunded: ({ state }) => state === 'fraud' || state === 'expired' || state === 'lapsed' || state === 'cancelled',
};

export function PurchasesPage() {
  const { t } = useTranslation('purchases');
  const query = useOrders('buyer', 'all');
  const [filter, setFilter] = useState<Filter>('all');
  const [words, setWords] = useState('');
  const orders = query.data ?? [];
  const matches = ({ title, seller, id }: OrderView): boolean => `${title ?? ''} ${seller} ${id}`.toLowerCase().includes(words.trim().toLowerCase());
  const shown = orders.filter((order) => FITS[filter](order) && matches(order));
  const onDisk = orders.filter(FITS.here).reduce((sum, { copy }) => sum + copy.bytesTotal, 0);
  return (
    <>
      <PageHead title={t('title')} lead={t('lead')} />
      {orders.length > 0 && (
        <div className="row wrap purchases__filters">
          <TextInput look="small" className="purchases__search" type="search" icon={<Search />} placeholder={t('search')} aria-label={t('search')} value={words} onChange={(event) => setWords(event.target.value)} />
          {FILTERS.map((one) => <Chip key={one} on={one === filter} onClick={() => setFilter(one)}>{t(`filter.${one}`)} <span className="c-3">{grouped(orders.filter(FITS[one]).length)}</span></Chip>)}
          <span className="t-small c-3 purchases__disk">{t('on_disk', { size: bytes(onDisk) })}</span>
        </div>
      )}
      <Panel plain query={query} rows={6} cause={t('loading')} empty={(all) => (all.length > 0 ? null : <Empty title={t('empty.title')} action={<Link to="/market">{t('empty.market')}</Link>}>{t('empty.text')}</Empty>)}>
        {() => (shown.length === 0 ? <Empty title={t('none')}>{t('none_text')}</Empty> : <OrderTable label={t('title')} orders={shown} />)}
      </Panel>
    </>
  );
}
