/** Price, who sells, and the way to buy it or to what was bought. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListingView } from '../../../src-node/api/contract/index.ts';
import { cpc, duration, type Language } from '../../models/format.ts';
import { useMarketSteps } from '../../models/market.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Select } from '../../ui/select.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

export function DecisionColumn({ listing }: { readonly listing: ListingView }) {
  const { t, i18n } = useTranslation('listing');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const signing = useSigning();
  const { buy } = useMarketSteps();
  const wallet = useWallet().data;
  const others = (wallet?.accounts ?? []).filter(({ address }) => address !== listing.sellerCard.address);
  const [chosen, setChosen] = useState<string | null>(null);
  const usual = wallet === undefined ? undefined : defaultAccount(wallet);
  const account = others.find(({ address }) => address === chosen) ?? others.find(({ address }) => address === usual?.address) ?? others[0];
  const plan = listing.plans.find(({ active }) => active);
  const reason = listing.status !== 'live' ? t(`closed.${listing.status}`) : plan === undefined ? t('closed.no_plan') : account === undefined ? t('closed.own') : account.balance <= plan.price ? t('closed.money', { amount: cpc(plan.price) }) : undefined;
  const seller = listing.sellerCard;
  return (
    <aside className="listing__decision" aria-label={t('decision')}>
      {plan === undefined ? <p className="t-figure">–</p> : <Amount value={plan.price} size="figure" unit />}
      <p className="t-small c-2">{t('once')}</p>
      {listing.myOrder !== null && <Link className="listing__open" to="/orders/$order" params={{ order: listing.myOrder }}>{t('open_purchase')}</Link>}
      {others.length > 1 && account !== undefined && <Select label={t('pay_from')} value={account.address} onChange={setChosen} options={others.map(({ address, name, balance }) => ({ value: address, label: `${name}, ${cpc(balance, { decimals: 2, unit: true })}` }))} />}
      <Button
        variant={listing.myOrder === null ? 'ink' : 'plain'} size="large" block disabledReason={reason} busy={signing.pending ? t('running') : false}
        onClick={() => { if (account !== undefined && plan !== undefined) signing.propose(() => buy(listing.id, plan.planId, account.address)); }}
      >
        {t(listing.myOrder === null ? 'buy' : 'buy_again')}
      </Button>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <Note>{t('promise')}</Note>
      <h2 className="t-h">{t('seller.title')}</h2>
      <Address address={seller.address} copy />
      <dl className="listing__seller">
        <dt>{t('seller.settled')}</dt><dd>{seller.settled}</dd>
        <dt>{t('seller.expired')}</dt><dd>{seller.expired}</dd>
        <dt>{t('seller.fraud')}</dt><dd>{seller.fraud}</dd>
        <dt>{t('seller.answer')}</dt><dd>{seller.medianKeyMillis === null ? '–' : duration(seller.medianKeyMillis, language)}</dd>
        <dt>{t('seller.bond')}</dt><dd><Amount value={seller.bondFree} unit /></dd>
      </dl>
    </aside>
  );
}
