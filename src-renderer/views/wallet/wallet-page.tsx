/** Accounts on the left, one account and its ledger on the right. */
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { Panel } from '../../ui/panel.tsx';
import { AccountHead } from './account-head.tsx';
import { AccountList } from './account-list.tsx';
import { AddAccountDialog } from './add-account-dialog.tsx';
import { Ledger } from './ledger.tsx';
import { PendingList } from './pending-list.tsx';
import './wallet.css';

export function WalletPage() {
  const { t } = useTranslation('wallet');
  const wallet = useWallet();
  const chosen = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  return (
    <>
      <h1 className="unseen">{t('title')}</h1>
      <Panel plain query={wallet} rows={6}>
        {(data) => {
          const account = data.accounts.find(({ address }) => address === chosen) ?? defaultAccount(data);
          if (account === undefined) return null;
          return (
            <div className="wallet">
              <AccountList accounts={data.accounts} selected={account.address} onSelect={(address) => void navigate({ to: '/wallet', hash: address, replace: true })} onAdd={() => setAdding(true)} />
              <section className="wallet__account" aria-label={account.name}>
                <AccountHead account={account} wallet={data} />
                <PendingList key={`pending ${account.address}`} account={account.address} />
                <Ledger key={account.address} account={account.address} />
              </section>
            </div>
          );
        }}
      </Panel>
      <AddAccountDialog open={adding} onClose={() => setAdding(false)} />
    </>
  );
}
