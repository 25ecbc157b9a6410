/** Practice money. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../src-node/api/contract/index.ts';
import { useFaucet } from '../../models/wallet.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FaucetArrival, type Awaited } from './faucet-arrival.tsx';

const OFFERED = 1_000n * 10n ** 18n;

export interface FaucetDialogProps {
  readonly account: AccountView;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function FaucetDialog({ account, open, onClose }: FaucetDialogProps) {
  const { t } = useTranslation('wallet');
  const [amount, setAmount] = useState<bigint | null>(OFFERED);
  const [awaited, setAwaited] = useState<Awaited | null>(null);
  const faucet = useFaucet();
  const go = (): void => {
    if (amount === null) return;
    faucet.mutate({ account: account.address, amount }, { onSuccess: ({ hash }) => {
      setAwaited({ account, hash, amount });
      onClose();
    } });
  };
  return (
    <>
      {awaited !== null && <FaucetArrival awaited={awaited} onArrived={() => setAwaited(null)} />}
      <Dialog open={open} onClose={onClose} title={t('faucet.title')} footer={<><span /><Button onClick={onClose}>{t('cancel')}</Button><Button variant="ink" busy={faucet.isPending ? t('faucet.busy') : false} disabledReason={amount === null || amount === 0n ? t('send_sheet.amount_missing') : undefined} onClick={go}>{t('faucet.get')}</Button></>}>
        <p className="c-2">{t('faucet.text', { account: account.name })}</p>
        <div className="above-4"><AmountField label={t('send_sheet.amount')} value={amount} onChange={setAmount} help={t('faucet.limit')} /></div>
        {faucet.error !== null && <ErrorPanel error={faucet.error} />}
      </Dialog>
    </>
  );
}
