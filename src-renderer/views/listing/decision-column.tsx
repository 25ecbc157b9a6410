/** Price, how the money is held, licence, seller, and the way to buy it or to what was bought. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListingView } from '../../../src-node/api/contract/index.ts';
import { cpc, duration, grouped, percent, type Language } from '../../models/format.ts';
import { reserveFor, useMarketStatus, useMarketSteps } from '../../models/market.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useLicenceWords } from '../../ui/licence-words.ts';
import { Select } from '../../ui/select.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { MoneyHeld } from './money-held.tsx';

export function DecisionColumn({ listing, onReadLicence }: { readonly listing: ListingView; readonly onReadLicence: () => void }) {
  const { t, i18n } = useTranslation('listing');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { titleOf, summaryOf } = useLicenceWords();
  const signing = useSigning();
  const { buy } = useMarketSteps();
  const market = useMarketStatus().data;
  const wallet = useWallet().data;
  const { sellerCard: seller, licence, versions } = listing;
  const others = (wallet?.accounts ?? []).filter(({ address }) => address !== seller.address);
  const [chosen, setChosen] = useState<string | null>(null);
  const usual = wallet === undefined ? undefined : defaultAccount(wallet);
  const account = others.find(({ address }) => address === chosen) ?? others.find(({ address }) => address === usual?.address) ?? others[0];
  const plan = listing.plans.find(({ active }) => active);
  const covered = plan === undefined || market?.terms == null ? null : Number(listing.bondFree / reserveFor(plan.price, market.terms));
  const reason = listing.status !== 'live' ? t(`closed.${listing.status}`)
    : plan === undefined ? t('closed.no_plan')
    : covered === 0 ? t('closed.bond')
    : account === undefined ? t(wallet?.accounts.length === 0 ? 'closed.no_account' : 'closed.own')
    : account.balance <= plan.price ? t('closed.money', { amount: cpc(plan.price) }) : undefined;
  return (
    <aside className="listing__decision" aria-label={t('decision')}>
      <div>
        {plan === undefined ? <p className="t-figure">–</p> : <p><Amount value={plan.price} size="figure" unit /></p>}
        <p className="t-small c-2">{t('once', { no: versions.at(-1)?.no ?? 1 })}</p>
      </div>
      <dl className="listing__sums">
        {market?.feeBps != null && <div><dt>{t('fee_inside')}</dt><dd>{percent(market.feeBps / 10_000)}</dd></div>}
        <div><dt>{t('gas')}</dt><dd className="c-3">{t('gas_text')}</dd></div>
      </dl>
      {listing.myOrder !== null && <Link className="listing__open" to="/orders/$order" params={{ order: listing.myOrder }}>{t('open_purchase')}</Link>}
      {others.length > 1 && account !== undefined && <Select label={t('pay_from')} value={account.address} onChange={setChosen} options={others.map(({ address, name, balance }) => ({ value: address, label: `${name}, ${cpc(balance, { decimals: 2, unit: true })}` }))} />}
      <div>
        <Button
          variant={listing.myOrder === null ? 'ink' : 'plain'} size="large" block disabledReason={reason} busy={signing.pending ? t('running') : false}
          onClick={() => { if (account !== undefined && plan !== undefined) signing.propose(() => buy(listing.id, plan.planId, account.address)); }}
        >
          {t(listing.myOrder === null ? 'buy' : 'buy_again')}
        </Button>
        <p className="t-small c-3 above-2">{reason ?? t('opens_summary')}</p>
      </div>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      {plan !== undefined && <MoneyHeld price={plan.price} times={listing.terms} terms={market?.terms ?? null} />}
      <section aria-labelledby="licence">
        <header className="row apart"><h2 id="licence" className="t-h">{t('licence')}</h2>{licence !== null && <button type="button" className="link t-small" onClick={onReadLicence}>{t('read_it')}</button>}</header>
        <p className="c-2">{licence === null ? t('text_wait') : <bdi>{titleOf(licence.template?.id, licence.title)}</bdi>}</p>
        {licence?.template != null && <p className="t-small c-3">{summaryOf(licence.template)}</p>}
      </section>
      <section aria-labelledby="seller">
        <h2 id="seller" className="t-h">{t('seller.title')}</h2>
        <p className="c-2">{seller.medianKeyMillis === null ? t('seller.no_answer') : t('seller.answer', { time: duration(seller.medianKeyMillis, language) })} {t('seller.bond', { amount: cpc(listing.bondFree, { unit: true }) })} {covered !== null && t('seller.covers', { count: covered, orders: grouped(covered) })}</p>
      </section>
    </aside>
  );
}
