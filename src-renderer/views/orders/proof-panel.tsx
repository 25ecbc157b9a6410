/** Prove and refund: what is proven, what comes back, what the proof makes public, and how long there is. */
import { Scale } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { cpc, grouped, moment, zoneLabel, type Language } from '../../models/format.ts';
import { useOrderSteps } from '../../models/orders.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

export function ProofPanel({ order, proof }: { readonly order: OrderView; readonly proof: NonNullable<OrderView['proof']> }) {
  const { t, i18n } = useTranslation('orders');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { act } = useOrderSteps();
  const signing = useSigning();
  const { kind, refund, allowance } = proof;
  const { price, deadline } = order;
  const words = { chunk: grouped(proof.chunk ?? 0), unit: grouped(proof.unit ?? 0) };
  const proven = order.state === 'fraud';
  return (
    <section className="order__proof plate" aria-labelledby="proof">
      <div className="order__proof-body">
        <header className="row wrap"><Pill tone={proven ? 'ok' : 'bad'}>{t(proven ? 'proof.proven' : 'proof.bad')}</Pill><h2 id="proof" className="t-h">{t(`proof.title.${kind}`)}</h2></header>
        <p className="c-2">{t(`proof.${kind}`, words)} {t('proof.contract')}</p>
        <div className="order__pair">
          <dl className="order__facts">
            <dt>{t('proof.price')}</dt><dd><Amount value={price} decimals={4} /></dd>
            <dt>{t('proof.allowance')}</dt><dd><Amount value={allowance} decimals={4} /></dd>
            <dt>{t('proof.rest')}</dt><dd><Amount value={refund - price - allowance} decimals={4} /></dd>
            <dt className="order__sum t-h">{t('proof.receive')}</dt><dd className="order__sum t-h"><Amount value={refund} decimals={4} unit /></dd>
          </dl>
          <dl className="order__facts">
            <dt>{t('proof.what')}</dt><dd>{t(`proof.what_short.${kind}`, words)}</dd>
            <dt>{t('proof.public')}</dt><dd className={proof.makesKeyPublic ? 'c-warn t-medium' : undefined}>{t(`proof.public_short.${kind}`)}</dd>
            <dt>{t('proof.gas')}</dt><dd className="c-3">{t('proof.gas_text')}</dd>
            {!proven && deadline !== null && <><dt className="order__sum t-h">{t('proof.left')}</dt><dd className="order__sum t-h"><Time at={deadline.at} style="left" /></dd></>}
          </dl>
        </div>
        <p className="t-small c-2">{t(`proof.public_text.${kind}`)}</p>
        {signing.error !== null && <ErrorPanel error={signing.error} />}
      </div>
      <footer className="order__proof-foot">
        <span className="t-small c-3 grow">{proven ? t('proof.done', { amount: cpc(refund, { unit: true }) }) : deadline === null ? t('proof.too_late') : t('proof.if_nothing', { block: grouped(deadline.block), time: moment(deadline.at, { language, now: Date.now() }), zone: zoneLabel(deadline.at) })}</span>
        {order.can.includes('prove') && <Button variant="ink" size="large" icon={<Scale aria-hidden />} busy={signing.pending ? t('running') : false} onClick={() => signing.propose(() => act(order.id, 'prove'))}>{t('proof.act')}</Button>}
      </footer>
    </section>
  );
}
