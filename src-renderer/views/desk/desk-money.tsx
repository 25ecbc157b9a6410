/** What the market owes the seller, and what stands in bonds. */
import { useTranslation } from 'react-i18next';
import type { Desk } from '../../../src-node/api/contract/index.ts';
import { moment, type Language } from '../../models/format.ts';
import { useWallet } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { Withdrawal } from '../orders/withdrawal.tsx';

export function DeskMoney({ desk: { withdrawable, earned, listings } }: { readonly desk: Desk }) {
  const { t, i18n } = useTranslation('desk');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const owed = (useWallet().data?.accounts ?? []).filter((account) => account.withdrawable > 0n);
  const sum = (pick: (listing: Desk['listings'][number]) => bigint): bigint => listings.reduce((total, listing) => total + pick(listing), 0n);
  const leaving = sum(({ bondLeaving }) => bondLeaving);
  const leavesAt = listings.flatMap(({ bondLeavesAt }) => (bondLeavesAt === null ? [] : [bondLeavesAt])).toSorted((a, b) => a - b)[0];
  return (
    <aside className="desk__money" aria-label={t('money')}>
      <dl><dt className="t-label">{t('withdrawable')}</dt><dd><Amount value={withdrawable} decimals={4} size="figure" unit /></dd></dl>
      {withdrawable === 0n || owed.length === 0 ? <Button disabledReason={t('nothing')}>{t('withdraw')}</Button> : owed.map(({ address }) => <Withdrawal key={address} account={address} />)}
      <dl className="desk__sums ruled">
        <div><dt>{t('earned')}</dt><dd><Amount value={earned} decimals={4} unit /></dd></div>
        <div><dt>{t('bond_free')}</dt><dd><Amount value={sum(({ bondFree }) => bondFree)} decimals={4} unit /></dd></div>
        <div><dt>{t('bond_reserved')}</dt><dd><Amount value={sum(({ bondReserved }) => bondReserved)} decimals={4} unit /></dd></div>
        {leaving > 0n && <div><dt>{leavesAt === undefined ? t('bond_leaving') : t('bond_leaving_from', { time: moment(leavesAt, { language, now: Date.now() }) })}</dt><dd><Amount value={leaving} decimals={4} unit /></dd></div>}
      </dl>
    </aside>
  );
}
