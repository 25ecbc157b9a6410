/** One order, for whoever of the two one is: the clock, the copy, the steps, and what can be done. */
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, moment, rate } from '../../models/format.ts';
import { useOrder } from '../../models/orders.ts';
import { ChunkMap } from '../../ui/chunk-map.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { OrderActions } from './order-actions.tsx';
import { OrderFiles } from './order-files.tsx';
import { ProofPanel } from './proof-panel.tsx';
import './orders.css';

export function OrderPage() {
  const { t } = useTranslation('orders');
  const { order: id } = useParams({ from: '/orders/$order' });
  const query = useOrder(id);
  // A signed purchase reaches the index with its block; until then "not in the index" is a wait, not a failure.
  return <Panel plain query={{ ...query, error: query.data === undefined && query.failureCount < 6 ? null : query.error }} rows={8} cause={t('waiting_block')}>{(order) => <OrderBody order={order} />}</Panel>;
}

function OrderBody({ order }: { readonly order: OrderView }) {
  const { t, i18n } = useTranslation('orders');
  const { copy } = order;
  const language = i18n.language === 'zh' ? 'zh' : 'en';
  return (
    <>
      <PageHead
        crumbs={<Link to={order.role === 'buyer' ? '/purchases' : '/desk'}>{t(`crumb.${order.role}`)}</Link>}
        title={<bdi>{order.title ?? t('untitled')}</bdi>}
        lead={t('placed', { id: `${order.id.slice(0, 8)}…${order.id.slice(-4)}`, time: order.placedAt === null ? '–' : moment(order.placedAt, { language, now: Date.now() }) })}
      />
      <div className="order">
        <div className="order__main">
          <Clock order={order} />
          {order.proof !== null && <ProofPanel order={order} />}
          {order.problem !== null && <div className="order__problem" role="alert"><p className="t-h">{order.problem.message}</p>{order.problem.help !== undefined && <p className="c-2">{order.problem.help}</p>}</div>}
          <section aria-labelledby="copy">
            <header className="row apart"><h2 id="copy" className="t-h">{t('copy.title')}</h2><span className="t-small c-2">{t(`copy.${copy.state}`)}{copy.bytesTotal > 0 && `, ${bytes(copy.bytesDone)} / ${bytes(copy.bytesTotal)}`}{copy.rate !== null && `, ${rate(copy.rate)}`}</span></header>
            {copy.chunks > 0 && <ChunkMap chunks={copy.chunks} sealed={copy.chunksSealed} verified={copy.chunksVerified} bad={copy.badChunks} />}
            {copy.sources.length > 0 && <ul className="order__sources t-small">{copy.sources.map(({ label, bytes: size }) => <li key={label} className="row apart"><span>{label}</span><span>{bytes(size)}</span></li>)}</ul>}
          </section>
          <OrderFiles order={order} />
        </div>
        <aside className="order__side" aria-label={t('steps')}>
          <Timeline
            label={t('steps')}
            items={order.timeline.map(({ key, state, at, block }) => ({
              key, state, title: t(`step.${key}`), ...(at === null ? {} : { aside: <Time at={at} style="point" /> }), ...(block === null ? {} : { note: t('block', { block: grouped(block) }) }),
            }))}
          />
          <OrderActions order={order} />
        </aside>
      </div>
    </>
  );
}

function Clock({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation('orders');
  if (order.deadline === null) return <p className="t-lead">{t(`ended.${order.state}`)}</p>;
  return (
    <p className="order__clock">
      <span className="t-figure"><Time at={order.deadline.at} style="left" focus /></span>
      <span className="t-lead c-2">{t(`turn.${order.turn}`)} {t(`then.${order.deadline.consequence}`)} {t('not_before', { block: grouped(order.deadline.block) })}</span>
    </p>
  );
}
