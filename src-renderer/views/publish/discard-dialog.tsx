/** Asks before something begun is thrown away, and says what is lost and what stays. */
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';

export interface DiscardDialogProps {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function DiscardDialog({ title, text, confirm, pending, error, onConfirm, onClose }: DiscardDialogProps) {
  const { t } = useTranslation('publish');
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={<><Button data-first-focus="" onClick={onClose}>{t('discard.keep')}</Button><Button variant="danger-solid" busy={pending ? t('drafts.discarding') : false} onClick={onConfirm}>{confirm}</Button></>}
    >
      <p className="c-2">{text}</p>
      {error !== null && <ErrorPanel error={error} />}
    </Dialog>
  );
}
