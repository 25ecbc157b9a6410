/** A side sheet: one step with its foot. Sheets do not stack. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

export interface SheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly aside?: ReactNode;
  readonly width?: 480 | 540;
  /** Total on the left, buttons on the right. */
  readonly footer?: ReactNode;
  /** Mostly text: it can be reached with Tab, to be scrolled with the arrows. */
  readonly reading?: boolean;
  readonly children: ReactNode;
}

export function Sheet({ open, onClose, title, aside, width = 480, footer, reading = false, children }: SheetProps) {
  const { t } = useTranslation('ui');
  return (
    <Modal open={open} onClose={onClose} label={title} className={width === 540 ? 'sheet sheet--wide' : 'sheet'}>
      <header className="modal__head">
        <h2 className="t-title grow cut">{title}</h2>
        {aside}
        <Button variant="quiet" size="small" icon={<X aria-hidden />} aria-label={t('close')} onClick={onClose} />
      </header>
      <div className="modal__body" data-body="" tabIndex={reading ? 0 : undefined}>{children}</div>
      {footer !== undefined && <footer className="modal__foot">{footer}</footer>}
    </Modal>
  );
}
