import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { cpc } from '../../models/format.ts';
import { useMarketStatus } from '../../models/market.ts';
import { useDraftSteps, useLicences } from '../../models/publish.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Select } from '../../ui/select.tsx';

const DEFAULT_LICENCE = 'PD-COM-1';

export function PriceStep({ draft, onNext }: { readonly draft: DraftView; readonly onNext: () => void }) {
  const { t } = useTranslation('publish');
  const { terms } = useDraftSteps(draft.id);
  const market = useMarketStatus().data;
  const wallet = useWallet().data;
  const licences = useLicences().data ?? [];
  const minBond = market?.minBond ?? 0n;
  const minPrice = market?.minPrice ?? 0n;
  const [price, setPrice] = useState<bigint | null>(draft.terms?.price ?? null);
  // Undefined until it is touched: the least bond stands in, also when it becomes known later.
  const [typedBond, setBond] = useState<bigint | null | undefined>(draft.terms?.bond);
  const [licenceId, setLicence] = useState(draft.terms?.licenceId ?? DEFAULT_LICENCE);
  const [chosen, setSeller] = useState(draft.terms?.seller ?? null);
  const accounts = wallet?.accounts ?? [];
  const seller = accounts.find(({ address }) => address === chosen) ?? (wallet === undefined ? undefined : defaultAccount(wallet));
  const bond = typedBond === undefined ? minBond : typedBond;
  const reason = price === null || price < minPrice ? t('price.too_low', { amount: cpc(minPrice) }) : bond === null || bond < minBond ? t('bond.too_low', { amount: cpc(minBond) }) : seller === undefined ? t('price.no_account') : undefined;
  const licence = licences.find(({ id }) => id === licenceId);
  const save = (): void => {
    if (price !== null && bond !== null && seller !== undefined) terms.mutate({ price, bond, licenceId, seller: seller.address }, { onSuccess: onNext });
  };
  return (
    <div className="publish__form">
      <AmountField label={t('price.label')} help={t('price.help', { share: (market?.feeBps ?? 0) / 100 })} value={price} onChange={setPrice} />
      <AmountField label={t('bond.label')} help={t('bond.help', { amount: cpc(minBond) })} value={bond} onChange={setBond} look="normal" balance={seller?.balance} />
      <Select label={t('licence.label')} value={licenceId} onChange={setLicence} options={licences.map(({ id, title }) => ({ value: id, label: title }))} help={licence?.text} />
      {accounts.length > 1 && seller !== undefined && <Select label={t('price.seller')} value={seller.address} onChange={setSeller} options={accounts.map(({ address, name, balance }) => ({ value: address, label: `${name}, ${cpc(balance, { decimals: 2, unit: true })}` }))} />}
      {terms.error !== null && <ErrorPanel error={terms.error} />}
      <div><Button variant="ink" busy={terms.isPending ? t('saving') : false} disabledReason={reason} onClick={save}>{t('next.review')}</Button></div>
    </div>
  );
}
