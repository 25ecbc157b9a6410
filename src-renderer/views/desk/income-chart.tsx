/** Income by day: bars from zero, and the same as a table. */
import { useTranslation } from 'react-i18next';
import type { Desk } from '../../../src-node/api/contract/index.ts';
import { cpc, type Language } from '../../models/format.ts';
import { dayLabel, scaleOf } from './income-scale.ts';

const LABEL_EVERY = 7;

export function IncomeChart({ days }: { readonly days: Desk['earnedByDay'] }) {
  const { t, i18n } = useTranslation('desk');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const total = days.reduce((sum, { amount }) => sum + amount, 0n);
  const { top, lines } = scaleOf(days.map(({ amount }) => amount));
  const share = (amount: bigint): number => Number((amount * 10_000n) / top) / 100;
  const label = (day: string): string => dayLabel(day, language);
  return (
    <figure className="income">
      <div className="income__plot" role="img" aria-label={t('income.label', { count: days.length, amount: cpc(total, { unit: true }) })}>
        {lines.map((line) => <span key={String(line)} className="income__line" style={{ bottom: `${share(line)}%` }}><span className="t-micro c-3">{cpc(line)}</span></span>)}
        <div className="income__bars">{days.map(({ day, amount }) => <span key={day} className="income__day" title={`${label(day)}: ${cpc(amount, { unit: true })}`}><span className="income__bar" style={{ height: `${share(amount)}%` }} /></span>)}</div>
      </div>
      <div className="income__labels t-micro c-3" aria-hidden>{days.map(({ day }, i) => <span key={day}>{(days.length - 1 - i) % LABEL_EVERY === 0 && <span>{label(day)}</span>}</span>)}</div>
      <figcaption className="row apart t-small c-3">
        <span>{t('income.sum', { amount: cpc(total, { decimals: 4, unit: true }) })}</span>
        <details className="income__table">
          <summary>{t('income.table')}</summary>
          <table className="data-table data-table--tight">
            <caption className="unseen">{t('income.table')}</caption>
            <thead><tr><th scope="col">{t('income.day')}</th><th scope="col" className="right">{t('income.amount')}</th></tr></thead>
            <tbody>{days.map(({ day, amount }) => <tr key={day}><td>{label(day)}</td><td className="right">{cpc(amount, { decimals: 4 })}</td></tr>)}</tbody>
          </table>
        </details>
      </figcaption>
    </figure>
  );
}
