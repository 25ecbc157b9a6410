/** How long, whose turn, and what happens at zero. Deadlines are blocks: the time is an estimate and never comes earlier. */
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { cpc, grouped, moment, zoneLabel, type Language } from '../../models/format.ts';
import { Time } from '../../ui/time.tsx';

export function OrderClock({ order }: { readonly order: OrderView }) {
  const { t, i18n } = useTranslation('orders');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { deadline, role, turn, price, state } = order;
  if (deadline === null) return <p className="t-lead">{t(`ended.${state}`)}</p>;
  const { consequence, block, at } = deadline;
  const over = turn === 'anyone';
  return (
    <div className="order__clock">
      <p className="row row-base wrap">
        <span className="t-figure">{over ? t('over') : <Time at={at} style="left" focus />}</span>
        <span className="t-lead c-2 grow">{over ? t('over_text') : turn === 'chain' ? t('turn.chain') : t(`clock.${role}.${consequence}`)}</span>
      </p>
      <p>{t(`then.${role}.${consequence}`, { price: cpc(price, { unit: true }) })}</p>
      <p className="t-small c-3">{t('not_before', { block: grouped(block), time: moment(at, { language, now: Date.now() }), zone: zoneLabel(at) })}</p>
    </div>
  );
}
