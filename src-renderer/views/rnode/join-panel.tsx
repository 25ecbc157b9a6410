/** What is needed, and the way in or out. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RNodeView } from '../../../src-node/api/contract/index.ts';
import { cpc, duration, type Language } from '../../models/format.ts';
import { useRNodeSteps } from '../../models/rnode.ts';
import { useWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Select } from '../../ui/select.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

export function JoinPanel({ view }: { readonly view: RNodeView }) {
  const { t, i18n } = useTranslation('rnode');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { join } = useRNodeSteps();
  const signing = useSigning();
  const wallet = useWallet().data;
  const threshold = view.threshold ?? 0n;
  const outside = (wallet?.accounts ?? []).filter((account) => !view.members.some((member) => member.address.toLowerCase() === account.address.toLowerCase()));
  const rich = outside.filter((account) => account.balance > threshold);
  const [chosen, setChosen] = useState<string | null>(null);
  const account = outside.find(({ address }) => address === chosen) ?? rich[0] ?? outside[0];
  const enough = account !== undefined && account.balance > threshold;
  const missing = account === undefined ? t('join.all_in') : !view.enabled ? t('join.closed') : !enough ? t('join.too_little', { amount: cpc(threshold) }) : undefined;
  // Who has joined and cannot join with another account is not asked to.
  if (rich.length === 0 && view.members.some(({ mine }) => mine)) return <div className="above-4"><Note>{t('join.release')}</Note></div>;
  const checks = [
    { key: 'open', done: view.enabled, note: t(view.enabled ? 'check.open_note' : 'join.closed') },
    { key: 'money', done: enough, note: account === undefined ? t('join.all_in') : t('check.money_note', { name: account.name, amount: cpc(account.balance, { decimals: 2 }) }) },
  ];
  return (
    <>
      <ul className="rnode__checks ruled">
        {checks.map(({ key, done, note }) => (
          <li key={key} className="row gap-3"><span className={done ? 'c-ok' : 'c-warn'}><StatusIcon tone={done ? 'ok' : 'warn'} /></span><span className="two-lines"><span className="t-medium">{t(`check.${key}`, { amount: cpc(threshold) })}</span><small>{note}</small></span>{key === 'money' && !done && wallet?.faucet === true && <Link to="/wallet" className="t-small">{t('check.practice_money')}</Link>}</li>
        ))}
      </ul>
      {outside.length > 1 && account !== undefined && <div className="rnode__account above-4"><Select label={t('join.account')} value={account.address} onChange={setChosen} options={outside.map((one) => ({ value: one.address, label: `${one.name}, ${cpc(one.balance, { decimals: 2, unit: true })}` }))} /></div>}
      <div className="row gap-3 above-4">
        <Button variant="ink" size="large" busy={signing.pending ? t('join.busy') : false} disabledReason={missing} onClick={() => { if (account !== undefined) signing.propose(() => join(account.address)); }}>{t('join.review')}</Button>
        {view.lockMillis !== null && <span className="t-small c-3 rnode__leave">{t('join.leaving', { time: duration(view.lockMillis, language) })}</span>}
      </div>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <div className="above-4"><Note>{t('join.release')}</Note></div>
    </>
  );
}
