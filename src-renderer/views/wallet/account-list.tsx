/** The accounts of this wallet. */
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../src-node/api/contract/index.ts';
import { cpc, shortAddress } from '../../models/format.ts';
import { holdingsOf } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { Identicon } from '../../ui/identicon.tsx';

export interface AccountListProps {
  readonly accounts: readonly AccountView[];
  readonly selected: string;
  readonly onSelect: (address: string) => void;
  readonly onAdd: () => void;
}

export function AccountList({ accounts, selected, onSelect, onAdd }: AccountListProps) {
  const { t } = useTranslation('wallet');
  const note = (account: AccountView): string => {
    if (account.staked > 0n) return t('account_note.staked', { amount: cpc(account.staked, { decimals: 0 }) });
    if (account.inEscrow > 0n) return t('account_note.escrow', { amount: cpc(account.inEscrow, { decimals: 2 }) });
    const { start, end } = shortAddress(account.address);
    return `${start}…${end}`;
  };
  return (
    <section className="account-list" aria-label={t('accounts')}>
      <header className="row apart account-list__head"><h2 className="t-h">{t('accounts')}</h2><Button variant="quiet" size="small" icon={<Plus aria-hidden />} aria-label={t('add.title')} onClick={onAdd} /></header>
      <ul>
        {accounts.map((account) => (
          <li key={account.address}>
            <button type="button" className={account.address === selected ? 'account-list__item account-list__item--on' : 'account-list__item'} aria-pressed={account.address === selected} onClick={() => onSelect(account.address)}>
              <Identicon address={account.address} size={32} />
              <span className="two-lines grow"><bdi className="t-h">{account.name}</bdi><small title={note(account)}>{note(account)}</small></span>
              <span className="t-medium"><Amount value={account.balance} decimals={2} /></span>
            </button>
          </li>
        ))}
      </ul>
      <div className="account-list__sum row apart"><span className="t-label">{t('all_accounts')}</span><span className="t-h"><Amount value={holdingsOf(accounts).total} decimals={4} unit /></span></div>
    </section>
  );
}
