/** Name, address, balance and what can be done with the account. */
import { ArrowUpRight, Droplets, Pencil, QrCode, Star } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView, WalletView } from '../../../src-node/api/contract/index.ts';
import { useSetDefaultAccount } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { useShellState } from '../shell/shell-state.ts';
import { FaucetDialog } from './faucet-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';

const PARTS = ['inEscrow', 'inBonds', 'staked', 'withdrawable'] as const;

export function AccountHead({ account, wallet }: { readonly account: AccountView; readonly wallet: WalletView }) {
  const { t } = useTranslation('wallet');
  const show = useShellState((state) => state.show);
  const setDefault = useSetDefaultAccount();
  const [open, setOpen] = useState<'rename' | 'faucet' | null>(null);
  const elsewhere = PARTS.filter((part) => account[part] > 0n);
  return (
    <header className="row row-top apart">
      <div>
        <div className="row">
          <h2 className="t-title"><bdi>{account.name}</bdi></h2>
          <Tooltip text={t('rename.title')}><Button variant="quiet" size="small" icon={<Pencil aria-hidden />} aria-label={t('rename.title')} onClick={() => setOpen('rename')} /></Tooltip>
          <Address address={account.address} copy icon={false} />
        </div>
        <p className="above-1"><Amount value={account.balance} decimals={4} size="figure" unit /></p>
        {elsewhere.length > 0 && <p className="row c-2 t-small above-1">{elsewhere.map((part) => <span key={part}>{t(`part.${part}`)} <b><Amount value={account[part]} decimals={2} /></b></span>)}</p>}
      </div>
      <div className="row">
        <Button variant="ink" icon={<ArrowUpRight aria-hidden />} onClick={() => show({ kind: 'send', from: account.address })}>{t('send')}</Button>
        <Button icon={<QrCode aria-hidden />} onClick={() => show({ kind: 'receive', account: account.address })}>{t('receive')}</Button>
        {wallet.faucet && <Button icon={<Droplets aria-hidden />} onClick={() => setOpen('faucet')}>{t('faucet.button')}</Button>}
        {wallet.defaultAccount !== account.address && <Tooltip text={t('use_by_default')}><Button icon={<Star aria-hidden />} aria-label={t('use_by_default')} onClick={() => setDefault.mutate(account.address)} /></Tooltip>}
      </div>
      <RenameDialog account={account} open={open === 'rename'} onClose={() => setOpen(null)} />
      <FaucetDialog account={account} open={open === 'faucet'} onClose={() => setOpen(null)} />
    </header>
  );
}
