/** A network without the contracts of streams: say so, and offer to put them there. */
import { useTranslation } from 'react-i18next';
import type { StreamsStatus } from '../../../src-node/api/contract/index.ts';
import { useStreamSteps } from '../../models/streams.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { ContractForm } from './contract-form.tsx';
import './streams.css';

export function StreamsMissing({ status }: { readonly status: StreamsStatus }) {
  const { t } = useTranslation(['streams', 'market']);
  const wallet = useWallet().data;
  const signing = useSigning();
  const { deploy } = useStreamSteps();
  const account = wallet === undefined ? undefined : defaultAccount(wallet);
  if (status.contracts === 'deploying') return <><PageHead title={t('title')} /><Empty title={t('deploying.title')}>{t('deploying.text')}</Empty></>;
  return (
    <div className="streams__missing">
      <PageHead title={t('missing.title')} lead={t('missing.text')} />
      {account !== undefined && <p className="row c-2">{t('missing.from')} <Address address={account.address} name={account.name} copy /></p>}
      <Button variant="ink" busy={signing.pending ? t('running') : false} disabledReason={account === undefined ? t('missing.no_account') : undefined} onClick={() => { if (account !== undefined) signing.propose(() => deploy(account.address)); }}>{t('missing.deploy')}</Button>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <section className="streams__enter" aria-labelledby="enter">
        <h2 id="enter" className="t-h">{t('market:missing.enter')}</h2>
        <p className="c-2">{t('market:missing.enter_text')}</p>
        <ContractForm />
      </section>
    </div>
  );
}
