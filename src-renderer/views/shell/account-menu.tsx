/** Whose money is used by default; choosing another, copying its address, locking. */
import { useNavigate } from '@tanstack/react-router';
import { Check, ChevronDown, Copy, Lock, LockOpen, Wallet } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { defaultAccount, useLock, useSetDefaultAccount, useWallet } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { Identicon } from '../../ui/identicon.tsx';
import { toast } from '../../ui/toast.ts';
import { useUnlockDialog } from '../unlock/unlock-dialog.tsx';
import './menu.css';

export function AccountMenu() {
  const { t } = useTranslation('shell');
  const wallet = useWallet().data;
  const setDefault = useSetDefaultAccount();
  const lock = useLock();
  const askPassword = useUnlockDialog();
  const navigate = useNavigate();
  const account = wallet === undefined ? undefined : defaultAccount(wallet);
  if (wallet === undefined || account === undefined) return <span className="account-chip" aria-hidden />;
  const copy = (): void => {
    void navigator.clipboard.writeText(account.address).then(() => toast(t('account.copied'), { text: account.address }));
  };
  return (
    // Not modal: a modal menu would inject styles, which the content policy refuses.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="account-chip" aria-label={t('account.open', { name: account.name })}>
        <Identicon address={account.address} />
        <span className="t-medium cut">{account.name}</span>
        {wallet.state === 'locked' ? <Lock aria-hidden className="c-3" /> : <ChevronDown aria-hidden className="c-3" />}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={6}>
          {wallet.accounts.map((one) => (
            <DropdownMenu.Item key={one.address} className="menu__item" onSelect={() => setDefault.mutate(one.address)}>
              <Identicon address={one.address} size={20} />
              <bdi className="grow cut">{one.name}</bdi>
              <span className="c-3"><Amount value={one.balance} decimals={2} /></span>
              {one.address === account.address ? <Check aria-label={t('account.in_use')} /> : <span className="menu__gap" />}
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator className="menu__line" />
          <DropdownMenu.Item className="menu__item" onSelect={copy}><Copy aria-hidden />{t('account.copy')}</DropdownMenu.Item>
          <DropdownMenu.Item className="menu__item" onSelect={() => void navigate({ to: '/wallet' })}><Wallet aria-hidden />{t('account.all')}</DropdownMenu.Item>
          {wallet.state === 'unlocked'
            ? <DropdownMenu.Item className="menu__item" onSelect={() => lock.mutate(undefined)}><Lock aria-hidden />{t('account.lock')}</DropdownMenu.Item>
            : <DropdownMenu.Item className="menu__item" onSelect={askPassword}><LockOpen aria-hidden />{t('account.unlock')}</DropdownMenu.Item>}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
