import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';

export function OrderParties({ order: { buyer, seller, price, reserve } }: { readonly order: OrderView }) {
  const { t } = useTranslation('orders');
  const nameOf = useAccountName();
  return (
    <section className="panel" aria-labelledby="parties">
      <header className="panel__head"><h2 id="parties" className="t-h">{t('parties.title')}</h2></header>
      <dl className="order__facts">
        <dt>{t('parties.price')}</dt><dd><Amount value={price} unit /></dd>
        <dt>{t('parties.reserve')}</dt><dd>{reserve === 0n ? '–' : <Amount value={reserve} unit />}</dd>
        <dt>{t('parties.seller')}</dt><dd><Address address={seller} name={nameOf(seller)} copy /></dd>
        <dt>{t('parties.buyer')}</dt><dd><Address address={buyer} name={nameOf(buyer)} copy /></dd>
      </dl>
    </section>
  );
}
