/** One order, for whoever of the two one is: the clock, the copy, the steps, and what can be done. */
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { moment, shortHash, zoneLabel, type Language } from '../../models/format.ts';
import { useOrder } from '../../models/orders.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { CopyPanel } from './copy-panel.tsx';
import { OrderActions } from './order-actions.tsx';
import { OrderClock } from './order-clock.tsx';
import { OrderFiles } from './order-files.tsx';
import { OrderParties } from './order-parties.tsx';
import { OrderProblem } from './order-problem.tsx';
import { OrderSteps } from './order-steps.tsx';
import { ProofPanel } from './proof-panel.tsx';
import './orders.css';

/** Seconds, one reading each, after which an order that the index does not know is said to be unknown. */
const PATIENCE = 6;

export function OrderPage() {
  const { t } = useTranslation('orders');
  const { order: id } = useParams({ from: '/orders/$order' });
  const query = useOrder(id);
  // A signed purchase reaches the index with its block; until then "not in the index" is a wait, not a failure.
  const waiting = { ...query, error: query.data === undefined && query.errorUpdateCount < PATIENCE ? null : query.error };
  return (
    <>
      {query.data === undefined && <h1 className="t-head">{t('order')}</h1>}
      <Panel plain query={waiting} rows={8} cause={t('waiting_block')}>{(order) => <Order order={order} />}</Panel>
    </>
  );
}

function Order({ order }: { readonly order: OrderView }) {
  const { t, i18n } = useTranslation('orders');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { role, id, listing, title, placedAt, problem, proof } = order;
  return (
    <>
      <header className="order__head">
        <nav className="row wrap t-small c-3" aria-label={t('crumbs')}>
          <Link to={role === 'buyer' ? '/purchases' : '/desk'}>{t(`crumb.${role}`)}</Link><span aria-hidden>›</span>
          <span>{t('order')} <span className="t-mono">{shortHash(id)}</span></span><CopyButton text={id} label={t('copy_id')} />
          {placedAt !== null && <span>{t('placed', { time: moment(placedAt, { language, now: Date.now() }), zone: zoneLabel(placedAt) })}</span>}
        </nav>
        <h1 className="t-head"><Link to="/market/$listing" params={{ listing }} className="order__title"><bdi>{title ?? t('untitled')}</bdi></Link></h1>
      </header>
      <div className="order">
        <div className="order__main">
          {proof === null ? <OrderClock order={order} /> : <ProofPanel order={order} proof={proof} />}
          {problem !== null && <OrderProblem problem={problem} />}
          {role === 'buyer' && <CopyPanel copy={order.copy} />}
          <OrderFiles order={order} />
          <OrderParties order={order} />
        </div>
        <aside className="order__side" aria-label={t('steps')}>
          <OrderSteps order={order} />
          <OrderActions order={order} />
        </aside>
      </div>
    </>
  );
}
