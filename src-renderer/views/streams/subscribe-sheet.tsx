/** How much goes into the deposit, for how long, and where the day stops; then the signature. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamPlanView, StreamView } from '../../../src-node/api/contract/index.ts';
import { cpc, duration, type Language } from '../../models/format.ts';
import { subscribeOffer } from '../../models/subscribe-offer.ts';
import { priceOfDay, useStreamsStatus, useStreamSteps } from '../../models/streams.ts';
import { useTitle } from '../../models/title.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useLicenceWords } from '../../ui/licence-words.ts';
import { Select } from '../../ui/select.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { usePlanWords } from './plan-words.ts';

const TERMS = ['7', '30', '90', '365'] as const;
const DAY_MILLIS = 86_400_000;

export interface SubscribeSheetProps {
  readonly stream: StreamView;
  readonly plan: StreamPlanView;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function SubscribeSheet({ stream, plan, open, onClose }: SubscribeSheetProps) {
  const { t, i18n } = useTranslation('streams');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const navigate = useNavigate();
  const titleOf = useTitle();
  const { priceOf } = usePlanWords();
  const licences = useLicenceWords();
  const signing = useSigning();
  const { subscribe } = useStreamSteps();
  const closeMillis = useStreamsStatus().data?.closeMillis ?? null;
  const wallet = useWallet().data;
  const dayNow = priceOfDay(plan, stream.measured?.ratePerSecond ?? null);
  const [day, setDay] = useState(dayNow);
  if (!open && day !== dayNow) setDay(dayNow); // what is offered stands still while a person looks at it
  const [typedDeposit, setDeposit] = useState<bigint | null | undefined>(undefined);
  const [days, setDays] = useState<(typeof TERMS)[number]>('90');
  const [capped, setCapped] = useState(true);
  const [typedCap, setCap] = useState<bigint | null | undefined>(undefined);
  const [accepted, setAccepted] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const accounts = (wallet?.accounts ?? []).filter(({ address }) => address !== stream.owner);
  const offered = wallet === undefined ? undefined : defaultAccount(wallet);
  const account = accounts.find(({ address }) => address === (chosen ?? offered?.address)) ?? accounts[0];
  const offer = subscribeOffer(day, account?.balance ?? null, typedDeposit);
  const { deposit } = offer;
  const cap = typedCap === undefined ? offer.capPerDay : typedCap;
  const missing = [
    ...(deposit === null || deposit === 0n ? [t('subscribe.missing.deposit')] : []), ...(account !== undefined && deposit !== null && deposit >= account.balance ? [t('subscribe.missing.money')] : []),
    ...(capped && (cap === null || cap === 0n) ? [t('subscribe.missing.cap')] : []), ...(accepted || stream.licence === null ? [] : [t('subscribe.missing.licence')]),
  ];
  const go = (): void => {
    if (deposit === null || account === undefined) return;
    signing.propose(async () => {
      const proposal = await subscribe({ stream: stream.id, planId: plan.planId, payer: account.address, deposit, days: Number(days), capPerDay: capped ? cap : null });
      onClose();
      return proposal;
    }, { onEnded: ({ state }) => { if (state === 'final') void navigate({ to: '/streams' }); } });
  };
  const lasts = day === null || day === 0n || deposit === null ? null : Number((deposit * BigInt(DAY_MILLIS)) / day);
  return (
    <Sheet
      open={open} onClose={onClose} width={540} title={titleOf(stream) ?? t('untitled')}
      footer={<><span className="col"><span className="t-small c-3">{t('subscribe.leaves')}</span><span className="t-medium">{deposit === null ? '–' : <Amount value={deposit} unit />}</span></span><Button size="large" onClick={onClose}>{t('cancel')}</Button><Button variant="ink" size="large" busy={signing.pending ? t('running') : false} disabledReason={missing.length === 0 ? undefined : missing.join(' ')} onClick={go}>{t('review')}</Button></>}
    >
      <div className="subscribe">
        <p className="c-2">{t('subscribe.text', { price: priceOf(plan) })}</p>
        <AmountField label={t('subscribe.deposit')} value={deposit} onChange={setDeposit} balance={account?.balance} help={lasts === null ? t('subscribe.deposit_help') : t('subscribe.deposit_lasts', { time: duration(lasts, language) })} />
        <div className="subscribe__pair">
          <Select label={t('subscribe.days')} value={days} onChange={setDays} options={TERMS.map((value) => ({ value, label: t('subscribe.day_count', { count: Number(value) }) }))} />
          {accounts.length > 1 && account !== undefined && <Select label={t('subscribe.account')} value={account.address} onChange={setChosen} options={accounts.map(({ address, name, balance }) => ({ value: address, label: `${name}, ${cpc(balance, { decimals: 2, unit: true })}` }))} />}
        </div>
        <Checkbox checked={capped} onChange={setCapped} help={t('subscribe.cap_help')}>{t('subscribe.cap')}</Checkbox>
        {capped && <AmountField look="normal" label={t('cap.amount')} help={day === null ? t('cap.help') : t('subscribe.cap_day', { amount: cpc(day, { decimals: 2, unit: true }) })} value={cap} onChange={setCap} />}
        <dl className="plate subscribe__cases ruled">
          <div><dt>{t('case.silent')}</dt><dd className="c-ok">{t('case.silent_text')}</dd></div>
          <div><dt>{t('case.wrong')}</dt><dd>{t('case.wrong_text', { amount: cpc(plan.unitPrice * BigInt(plan.window), { decimals: 4, unit: true }) })}</dd></div>
          <div><dt>{t('case.stop')}</dt><dd>{closeMillis === null ? t('case.stop_text') : t('case.stop_wait', { time: duration(closeMillis, language) })}</dd></div>
          <div><dt>{t('case.public')}</dt><dd>{t('case.public_text')}</dd></div>
        </dl>
        {stream.licence !== null && <Checkbox checked={accepted} onChange={setAccepted} help={t('subscribe.licence_help')}>{t('subscribe.licence', { licence: licences.titleOf(stream.licence.template?.id, stream.licence.title) })}</Checkbox>}
        {signing.error !== null && <ErrorPanel error={signing.error} />}
      </div>
    </Sheet>
  );
}
