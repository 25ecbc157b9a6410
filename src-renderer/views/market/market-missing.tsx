/** A network without our contracts: say so, offer to put them there or to name some. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MarketStatus } from '../../../src-node/api/contract/index.ts';
import { useMarketSteps, useUseContracts } from '../../models/market.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

const CONTRACTS = ['listing', 'escrow', 'fraud'] as const;

export function MarketMissing({ status }: { readonly status: MarketStatus }) {
  const { t } = useTranslation('market');
  const wallet = useWallet().data;
  const signing = useSigning();
  const { deploy } = useMarketSteps();
  const use = useUseContracts();
  const [addresses, setAddresses] = useState({ listing: '', escrow: '', fraud: '' });
  const account = wallet === undefined ? undefined : defaultAccount(wallet);
  if (status.contracts === 'deploying') return <Empty title={t('deploying.title')}>{t('deploying.text')}</Empty>;
  const complete = CONTRACTS.every((name) => /^0x[0-9a-fA-F]{40}$/.test(addresses[name]));
  return (
    <div className="market__missing">
      <h1 className="t-head">{t('missing.title')}</h1>
      <p className="t-lead c-2">{t('missing.text')}</p>
      <Button variant="ink" size="large" busy={signing.pending ? t('missing.running') : false} disabledReason={account === undefined ? t('missing.no_account') : undefined} onClick={() => { if (account !== undefined) signing.propose(() => deploy(account.address)); }}>{t('missing.deploy')}</Button>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <h2 className="t-h">{t('missing.enter')}</h2>
      {CONTRACTS.map((name) => (
        <Field key={name} label={t(`missing.${name}`)}><TextInput mono value={addresses[name]} onChange={(event) => setAddresses({ ...addresses, [name]: event.target.value.trim() })} /></Field>
      ))}
      <Button busy={use.isPending ? t('missing.checking') : false} disabledReason={complete ? undefined : t('missing.incomplete')} onClick={() => use.mutate(addresses)}>{t('missing.use')}</Button>
      {use.error !== null && <ErrorPanel error={use.error} />}
    </div>
  );
}
