/** What one sale brings. */
import { useTranslation } from 'react-i18next';
import { cpc, percent } from '../../models/format.ts';
import { Amount } from '../../ui/amount.tsx';

const BPS = 10_000n;

export function SalePlate({ price, feeBps }: { readonly price: bigint | null; readonly feeBps: number | null }) {
  const { t } = useTranslation('publish');
  const fee = price === null || feeBps === null ? null : (price * BigInt(feeBps)) / BPS;
  return (
    <section className="plate" aria-labelledby="sale">
      <header className="publish__plate-head"><h2 id="sale" className="t-h">{t('sale.title')}</h2></header>
      <dl className="publish__plate-body publish__sums">
        <dt>{t('price.label')}</dt><dd>{price === null ? '–' : <Amount value={price} />}</dd>
        <dt>{feeBps === null ? t('sale.fee') : t('sale.fee_share', { share: percent(feeBps / 10_000) })}</dt><dd>{fee === null ? '–' : `−${cpc(fee)}`}</dd>
        <dt className="publish__sum t-h">{t('sale.receive')}</dt><dd className="publish__sum t-h">{price === null || fee === null ? '–' : <Amount value={price - fee} unit />}</dd>
      </dl>
      <p className="publish__plate-body t-small c-3">{t('sale.gas')}</p>
    </section>
  );
}
