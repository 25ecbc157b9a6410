/** The price, what can be lost, and the way in. */
import { Link } from '@tanstack/react-router';
import { Clock, KeyRound, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamView } from '../../../src-node/api/contract/index.ts';
import { cpc, duration, threeFigures, type Language } from '../../models/format.ts';
import { priceOfDay } from '../../models/streams.ts';
import { useWallet } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { useLicenceWords } from '../../ui/licence-words.ts';
import { Pick } from '../../ui/pick.tsx';
import { usePlanWords } from './plan-words.ts';
import { SubscribeSheet } from './subscribe-sheet.tsx';

export function StreamDecision({ stream }: { readonly stream: StreamView }) {
  const { t, i18n } = useTranslation('streams');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { amountOf, priceOf } = usePlanWords();
  const { titleOf, summaryOf } = useLicenceWords();
  const wallet = useWallet().data;
  const [planId, setPlan] = useState(stream.plans[0]?.planId ?? 0);
  const [open, setOpen] = useState(false);
  const plan = stream.plans.find((one) => one.planId === planId);
  const rate = stream.measured?.ratePerSecond ?? null;
  const day = plan === undefined ? null : priceOfDay(plan, rate);
  const { licence, mySubscription, epochMillis, ahead } = stream;
  const reason = stream.status === 'ended' ? t('closed.ended') : stream.textState !== 'ready' ? t('closed.text') : plan === undefined ? t('closed.no_plan') : wallet !== undefined && wallet.accounts.length > 0 && wallet.accounts.every(({ address }) => address === stream.owner) ? t('closed.own') : wallet?.accounts.length === 0 ? t('closed.no_account') : undefined;
  const window = plan === undefined ? 0n : plan.unitPrice * BigInt(plan.window);
  return (
    <aside className="listing__decision" aria-label={t('decision.title')}>
      {stream.plans.length > 1
        ? <Pick<string> label={t('decision.plan')} value={String(planId)} onChange={(value) => setPlan(Number(value))} options={stream.plans.map((one) => ({ value: String(one.planId), title: t(`plan.${one.kind}`), aside: amountOf(one), children: t(`plan_text.${one.kind}`) }))} />
        : plan === undefined ? <p className="t-figure">–</p> : <div><p className="t-title">{priceOf(plan)}</p><p className="t-small c-2">{t(`plan_text.${plan.kind}`)}</p></div>}
      <dl className="listing__sums">
        <div><dt>{t('decision.day')}</dt><dd>{day === null ? '–' : <Amount value={day} decimals={2} unit />}</dd></div>
        {plan?.kind === 'metered' && <div><dt>{t('decision.at_rate')}</dt><dd className="c-3">{rate === null ? '–' : t('market.rate', { rate: threeFigures(rate) })}</dd></div>}
        <div><dt>{t('decision.lose')}</dt><dd>{plan === undefined ? '–' : cpc(window, { decimals: 4, unit: true })}</dd></div>
      </dl>
      {mySubscription !== null && <Link className="listing__open" to="/streams/$channel" params={{ channel: mySubscription }}>{t('decision.open')}</Link>}
      <div>
        <Button variant={mySubscription === null ? 'ink' : 'plain'} size="large" block disabledReason={reason} onClick={() => setOpen(true)}>{t(mySubscription === null ? 'decision.subscribe' : 'decision.again')}</Button>
        <p className="t-small c-3 above-2">{reason ?? t('decision.summary')}</p>
      </div>
      <section aria-labelledby="held">
        <h2 id="held" className="t-h">{t('held.title')}</h2>
        <ul className="listing__held c-2">
          <li><ShieldCheck aria-hidden />{t(plan?.kind === 'period' ? 'held.period' : 'held.metered', { amount: cpc(window, { decimals: 4, unit: true }) })}</li>
          <li><Clock aria-hidden />{t('held.rest')}</li>
          <li><KeyRound aria-hidden />{t('held.keys', { time: duration(epochMillis * (ahead + 1), language) })}</li>
        </ul>
      </section>
      <section aria-labelledby="licence">
        <h2 id="licence" className="t-h">{t('decision.licence')}</h2>
        <p className="c-2">{licence === null ? t('decision.no_licence') : <bdi>{titleOf(licence.template?.id, licence.title)}</bdi>}</p>
        {licence?.template != null && <p className="t-small c-3">{summaryOf(licence.template)}</p>}
        {licence !== null && <details className="t-small c-3"><summary>{t('decision.read_licence')}</summary><bdi>{licence.text}</bdi></details>}
      </section>
      {plan !== undefined && <SubscribeSheet key={planId} stream={stream} plan={plan} open={open} onClose={() => setOpen(false)} />}
    </aside>
  );
}
