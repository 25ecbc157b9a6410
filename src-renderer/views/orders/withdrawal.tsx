/** What contracts owe one of the own accounts, and the way to take it. */
import { useTranslation } from 'react-i18next';
import { cpc } from '../../models/format.ts';
import { useOrderSteps } from '../../models/orders.ts';
import { useWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

export function Withdrawal({ account: address }: { readonly account: string }) {
  const { t } = useTranslation('orders');
  const account = useWallet().data?.accounts.find((one) => one.address === address);
  const { withdraw } = useOrderSteps();
  const signing = useSigning();
  if (account === undefined || account.withdrawable === 0n) return null;
  return (
    <div>
      <Button block busy={signing.pending ? t('running') : false} onClick={() => signing.propose(() => withdraw(address))}>{t('withdraw', { amount: cpc(account.withdrawable, { unit: true }) })}</Button>
      <p className="t-small c-2 above-1">{t('withdraw_text', { account: account.name })}</p>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
    </div>
  );
}
