/** A question before something is lost. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly width?: 480 | 600;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

export function Dialog({ open, onClose, title, width = 480, footer, children }: DialogProps) {
  const { t } = useTranslation('ui');
  return (
    <Modal open={open} onClose={onClose} label={title} className={width === 600 ? 'dialog dialog--wide' : 'dialog'}>
      <header className="modal__head">
        <h2 className="t-title grow cut">{title}</h2>
        <Button variant="quiet" size="small" icon={<X aria-hidden />} aria-label={t('close')} onClick={onClose} />
      </header>
      <div className="modal__body" data-body="">{children}</div>
      {footer !== undefined && <footer className="modal__foot">{footer}</footer>}
    </Modal>
  );
}
