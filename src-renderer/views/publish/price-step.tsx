import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { cpc } from '../../models/format.ts';
import { useMarketStatus } from '../../models/market.ts';
import { useDraftSteps } from '../../models/publish.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Select } from '../../ui/select.tsx';
import { BondPlate } from './bond-plate.tsx';
import { LicenceChoice } from './licence-choice.tsx';
import { SaleClocks } from './sale-clocks.tsx';
import { SalePlate } from './sale-plate.tsx';
import { WizardFoot } from './wizard-foot.tsx';

const DEFAULT_LICENCE = 'PD-COM-1';

export function PriceStep({ draft, onBack, onNext }: { readonly draft: DraftView; readonly onBack: () => void; readonly onNext: () => void }) {
  const { t } = useTranslation('publish');
  const { terms } = useDraftSteps(draft.id);
  const market = useMarketStatus().data;
  const wallet = useWallet().data;
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
  const lowPrice = price !== null && price < minPrice ? t('price.too_low', { amount: cpc(minPrice) }) : undefined;
  const lowBond = bond !== null && bond < minBond ? t('bond.too_low', { amount: cpc(minBond) }) : undefined;
  const reason = price === null ? t('price.missing') : bond === null ? t('bond.missing') : (lowPrice ?? lowBond ?? (seller === undefined ? t('price.no_account') : undefined));
  const save = (): void => {
    if (price !== null && bond !== null && seller !== undefined) terms.mutate({ price, bond, licenceId, seller: seller.address }, { onSuccess: onNext });
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (reason === undefined) save(); }} className="publish__body">
      <div className="publish__split publish__split--price">
        <div className="publish__form">
          <AmountField label={t('price.label')} help={t('price.help')} error={lowPrice} value={price} onChange={setPrice} />
          <LicenceChoice value={licenceId} onChange={setLicence} />
          {market?.terms != null && <SaleClocks terms={market.terms} />}
          {accounts.length > 1 && seller !== undefined && <Select label={t('price.seller')} value={seller.address} onChange={setSeller} options={accounts.map(({ address, name, balance }) => ({ value: address, label: `${name}, ${cpc(balance, { decimals: 2, unit: true })}` }))} />}
          {terms.error !== null && <ErrorPanel error={terms.error} />}
        </div>
        <aside className="publish__form">
          <BondPlate value={bond} onChange={setBond} error={lowBond} price={price} market={market} balance={seller?.balance} />
          <SalePlate price={price} feeBps={market?.feeBps ?? null} />
        </aside>
      </div>
      <WizardFoot hint={t('hint.price')} onBack={onBack}><Button type="submit" variant="ink" size="large" busy={terms.isPending ? t('saving') : false} disabledReason={reason}>{t('next.review')}</Button></WizardFoot>
    </form>
  );
}
