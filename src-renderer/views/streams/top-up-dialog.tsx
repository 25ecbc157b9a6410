/** More into the deposit of a channel. What is not signed for comes back with the rest. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStreamSteps } from '../../models/streams.ts';
import { useWallet } from '../../models/wallet.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

export interface TopUpDialogProps {
  readonly channel: string;
  readonly payer: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function TopUpDialog({ channel, payer, open, onClose }: TopUpDialogProps) {
  const { t } = useTranslation('streams');
  const { topUp } = useStreamSteps();
  const signing = useSigning();
  const balance = useWallet().data?.accounts.find(({ address }) => address === payer)?.balance;
  const [amount, setAmount] = useState<bigint | null>(null);
  const reason = amount === null || amount === 0n ? t('top_up.missing') : balance !== undefined && amount > balance ? t('top_up.too_much') : undefined;
  const go = (): void => {
    if (amount === null) return;
    signing.propose(async () => {
      const proposal = await topUp(channel, amount);
      onClose();
      return proposal;
    });
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('top_up.title')} footer={<><span /><Button onClick={onClose}>{t('cancel')}</Button><Button variant="ink" busy={signing.pending ? t('running') : false} disabledReason={reason} onClick={go}>{t('review')}</Button></>}>
      <p className="c-2">{t('top_up.text')}</p>
      <div className="above-4"><AmountField label={t('top_up.amount')} value={amount} onChange={setAmount} balance={balance} /></div>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
    </Dialog>
  );
}
