/** A network without our contracts: say so, offer to put them there or to name some. */
import { useTranslation } from 'react-i18next';
import type { MarketStatus } from '../../../src-node/api/contract/index.ts';
import { useMarketSteps } from '../../models/market.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { ContractForm } from './contract-form.tsx';
import './market.css';

export function MarketMissing({ status }: { readonly status: MarketStatus }) {
  const { t } = useTranslation('market');
  const wallet = useWallet().data;
  const signing = useSigning();
  const { deploy } = useMarketSteps();
  const account = wallet === undefined ? undefined : defaultAccount(wallet);
  if (status.contracts === 'deploying') return <><h1 className="t-head">{t('title')}</h1><Empty title={t('deploying.title')}>{t('deploying.text')}</Empty></>;
  return (
    <div className="market__missing">
      <header><h1 className="t-head">{t('missing.title')}</h1><p className="t-lead c-2">{t('missing.text')}</p></header>
      <section aria-labelledby="deploy">
        <h2 id="deploy" className="t-h">{t('missing.deploy_title')}</h2>
        <p className="c-2">{t('missing.deploy_text')}</p>
        {account !== undefined && <p className="row c-2">{t('missing.from')} <Address address={account.address} name={account.name} copy /></p>}
        <Button variant="ink" busy={signing.pending ? t('missing.running') : false} disabledReason={account === undefined ? t('missing.no_account') : undefined} onClick={() => { if (account !== undefined) signing.propose(() => deploy(account.address)); }}>{t('missing.deploy')}</Button>
        {signing.error !== null && <ErrorPanel error={signing.error} />}
      </section>
      <section aria-labelledby="enter">
        <h2 id="enter" className="t-h">{t('missing.enter')}</h2>
        <p className="c-2">{t('missing.enter_text')}</p>
        <ContractForm />
      </section>
    </div>
  );
}
