/** Who sells, and how his orders ended. */
import { useTranslation } from 'react-i18next';
import type { SellerView } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';

export function SellerLine({ seller }: { readonly seller: SellerView }) {
  const { t } = useTranslation('listing');
  const nameOf = useAccountName();
  const { address, settled, expired, fraud } = seller;
  return (
    <p className="row wrap c-2 listing__seller-line">
      <Address address={address} name={nameOf(address)} copy />
      <span>{t('seller.record', { settled: grouped(settled), expired: grouped(expired) })}</span>
      <span className={fraud > 0 ? 'c-bad' : undefined}>{t('seller.proven', { fraud: grouped(fraud) })}</span>
    </p>
  );
}
