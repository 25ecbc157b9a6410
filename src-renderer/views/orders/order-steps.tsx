/** What happened, what waits and until when, what comes. */
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { cpc, grouped, moment, type Language } from '../../models/format.ts';
import { Time } from '../../ui/time.tsx';
import { Timeline, type TimelineItem } from '../../ui/timeline.tsx';

export function OrderSteps({ order }: { readonly order: OrderView }) {
  const { t, i18n } = useTranslation('orders');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { role, price, deadline, proof, state: ended } = order;
  const amount = cpc(price, { unit: true });
  const items = order.timeline.map(({ key, state, at, block }): TimelineItem => {
    const notes = [...(key === 'placed' ? [amount] : []), ...(block === null ? [] : [t('block', { block: grouped(block) })])];
    const now = state === 'now' && deadline !== null;
    const aside = at !== null ? <Time at={at} style="point" /> : now ? t('by', { time: moment(deadline.at, { language, now: Date.now() }) }) : undefined;
    const note = now ? t(`then.${role}.${deadline.consequence}`, { price: amount }) : notes.join(' · ');
    return { key, state, title: t(`step.${role}.${key}`), ...(aside === undefined ? {} : { aside }), ...(note === '' ? {} : { note }) };
  });
  // What can be proven is the buyer's to decide: the one step of an order that nothing takes by itself.
  const proving: readonly TimelineItem[] = proof === null || ended === 'fraud' || deadline === null ? [] : [{ key: 'prove', state: 'now', title: t('proof.step'), aside: t('by', { time: moment(deadline.at, { language, now: Date.now() }) }), note: t('proof.step_text') }];
  const failed = items.findIndex(({ state }) => state === 'failed');
  return <Timeline label={t('steps')} items={proving.length === 0 ? items : [...items.slice(0, failed + 1), ...proving]} />;
}
