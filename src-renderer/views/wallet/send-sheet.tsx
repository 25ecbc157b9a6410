/** To whom and how much. The signature comes on the sheet that replaces this one. */
import { useTranslation } from 'react-i18next';
import { Sheet } from '../../ui/sheet.tsx';
import { SendForm, type SendFormProps } from './send-form.tsx';

export interface SendSheetProps extends Omit<SendFormProps, 'onClose'> {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function SendSheet({ open, onClose, from, to }: SendSheetProps) {
  const { t } = useTranslation('wallet');
  return <Sheet open={open} onClose={onClose} title={t('send')}>{open && <SendForm from={from} to={to} onClose={onClose} />}</Sheet>;
}
