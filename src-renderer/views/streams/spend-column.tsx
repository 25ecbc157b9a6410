/** What a subscription costs: today against its cap, the deposit, and the most that can be lost. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamSpend, SubscriptionView } from '../../../src-node/api/contract/index.ts';
import { cpc, duration, grouped, moment, percent, type Language } from '../../models/format.ts';
import { useStreamSteps } from '../../models/streams.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { CapRuler } from '../../ui/cap-ruler.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { CapDialog } from './cap-dialog.tsx';
import { usePlanWords } from './plan-words.ts';
import { TopUpDialog } from './top-up-dialog.tsx';

export function SpendColumn({ subscription: { channel, can, state, payer, closesAt }, spend }: { readonly subscription: SubscriptionView; readonly spend: StreamSpend }) {
  const { t, i18n } = useTranslation('streams');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { priceOf } = usePlanWords();
  const steps = useStreamSteps();
  const signing = useSigning();
  const [open, setOpen] = useState<'cap' | 'top-up' | null>(null);
  const { spentToday, capPerDay, warning } = spend;
  const share = capPerDay === null || capPerDay === 0n ? null : Number((spentToday * 10_000n) / capPerDay) / 10_000;
  const tone = warning === 100 ? 'bad' : warning === 80 ? 'warn' : 'ok';
  const text = share === null ? t('spend.no_cap') : t('spend.of_cap', { share: percent(share), amount: cpc(capPerDay ?? 0n, { unit: true }) });
  const time = moment(spend.dayEndsAt, { now: Date.now(), language });
  return (
    <section className="spend" aria-label={t('spend.title')}>
      <dl><dt className="t-label">{t('spend.today')}</dt><dd><Amount value={spentToday} decimals={2} size="figure" unit /></dd></dl>
      <CapRuler share={share} tone={tone} label={t('spend.ruler')} text={text} />
      <p className="row apart t-small c-3"><span>0</span><span>{capPerDay === null ? t('spend.no_cap') : t('spend.stops', { amount: cpc(capPerDay, { decimals: 2 }).replace(/\.00$/, '') })}</span></p>
      {warning !== null && <div role="status">{warning === 80 ? <Note tone="warn">{t('spend.near', { time })}</Note> : <p className={warning === 100 ? 't-small c-bad' : 't-small c-2'}>{t(warning === 100 ? 'spend.reached' : 'spend.half', { time })}</p>}</div>}
      <dl className="spend__facts ruled">
        <div><dt>{t('spend.price')}</dt><dd>{priceOf(spend)}</dd></div>
        <div><dt>{t('spend.left')}</dt><dd><Amount value={spend.deposit - spend.signed} decimals={2} unit /></dd></div>
        <div><dt>{t('spend.lasts')}</dt><dd>{spend.lastsMillis === null ? '–' : duration(spend.lastsMillis, language)}</dd></div>
        <div><dt>{t('spend.owed')}</dt><dd>{cpc(spend.owed, { decimals: 6, unit: true })}</dd></div>
        <div><dt>{t('spend.lose')}</dt><dd title={cpc(spend.windowAmount, { unit: true })}>{spend.kind === 'metered' ? t('spend.messages', { count: spend.window, messages: grouped(spend.window) }) : cpc(spend.windowAmount, { decimals: 4, unit: true })}</dd></div>
      </dl>
      <div className="spend__acts">
        <Button size="small" disabledReason={can.includes('top-up') ? undefined : t('cannot.top_up')} onClick={() => setOpen('top-up')}>{t('spend.top_up')}</Button>
        <Button size="small" onClick={() => setOpen('cap')}>{t('spend.daily_stop')}</Button>
        {state === 'closing'
          ? <Button size="small" busy={signing.pending ? t('running') : false} disabledReason={can.includes('take-back') ? undefined : t('cannot.take_back', { time: closesAt === null ? '–' : moment(closesAt, { now: Date.now(), language }) })} onClick={() => signing.propose(() => steps.takeBack(channel))}>{t('spend.take_back')}</Button>
          : <Button size="small" busy={signing.pending ? t('running') : false} disabledReason={can.includes('close') ? undefined : t('cannot.close')} onClick={() => signing.propose(() => steps.close(channel))}>{t('spend.close')}</Button>}
      </div>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <CapDialog key={`cap ${String(capPerDay)}`} channel={channel} current={capPerDay} open={open === 'cap'} onClose={() => setOpen(null)} />
      <TopUpDialog channel={channel} payer={payer} open={open === 'top-up'} onClose={() => setOpen(null)} />
    </section>
  );
}
