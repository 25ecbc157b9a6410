/** What stands behind the orders: how much, for how many at once, and when it comes back. */
import { useTranslation } from 'react-i18next';
import type { MarketStatus } from '../../../src-node/api/contract/index.ts';
import { cpc, duration, grouped, percent, type Language } from '../../models/format.ts';
import { reserveFor } from '../../models/market.ts';
import { AmountField } from '../../ui/amount-field.tsx';

export interface BondPlateProps {
  readonly value: bigint | null;
  readonly onChange: (bond: bigint | null) => void;
  readonly error: string | undefined;
  readonly price: bigint | null;
  readonly market: MarketStatus | undefined;
  readonly balance: bigint | undefined;
}

export function BondPlate({ value, onChange, error, price, market, balance }: BondPlateProps) {
  const { t, i18n } = useTranslation('publish');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const terms = market?.terms ?? null;
  const covered = value === null || price === null || terms === null ? null : value / reserveFor(price, terms);
  return (
    <section className="plate" aria-labelledby="bond">
      <header className="publish__plate-head"><h2 id="bond" className="t-h">{t('bond.label')}</h2>{terms !== null && <span className="t-small c-3">{t('bond.back', { time: duration(terms.unbondMillis, language) })}</span>}</header>
      <div className="publish__plate-body">
        <AmountField label={t('bond.amount')} value={value} onChange={onChange} look="normal" error={error} balance={balance} help={t('bond.help', { amount: cpc(market?.minBond ?? 0n) })} />
        {covered !== null && price !== null && terms !== null && <p className="c-2">{t('bond.covers', { count: Number(covered), orders: grouped(Number(covered)), price: cpc(price, { unit: true }), share: percent(terms.bondBps / 10_000), least: cpc(terms.minReserve, { unit: true }) })}</p>}
      </div>
    </section>
  );
}
