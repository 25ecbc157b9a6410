/** What may be spent in a day before the reading stops by itself. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReadingActs } from '../../models/streams.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';

export interface CapDialogProps {
  readonly channel: string;
  readonly current: bigint | null;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function CapDialog({ channel, current, open, onClose }: CapDialogProps) {
  const { t } = useTranslation('streams');
  const { cap } = useReadingActs(channel);
  const [capped, setCapped] = useState(current !== null);
  const [amount, setAmount] = useState<bigint | null>(current);
  const reason = capped && (amount === null || amount === 0n) ? t('cap.missing') : undefined;
  const save = (): void => cap.mutate(capped ? amount : null, { onSuccess: onClose });
  return (
    <Dialog open={open} onClose={onClose} title={t('cap.title')} footer={<><span /><Button onClick={onClose}>{t('cancel')}</Button><Button variant="ink" busy={cap.isPending ? t('running') : false} disabledReason={reason} onClick={save}>{t('cap.save')}</Button></>}>
      <p className="c-2">{t('cap.text')}</p>
      <div className="col gap-3 above-4">
        <Checkbox checked={capped} onChange={setCapped}>{t('cap.on')}</Checkbox>
        {capped && <AmountField look="normal" label={t('cap.amount')} help={t('cap.help')} value={amount} onChange={setAmount} />}
      </div>
      {cap.error !== null && <ErrorPanel error={cap.error} />}
    </Dialog>
  );
}
