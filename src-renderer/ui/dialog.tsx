/** A question before something is lost. */
import type { ReactNode } from 'react';
import { Modal } from './modal.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

export function Dialog({ open, onClose, title, footer, children }: DialogProps) {
  return (
    <Modal open={open} onClose={onClose} label={title} className="dialog">
      <header className="modal__head"><h2 className="t-title">{title}</h2></header>
      <div className="modal__body" data-body="">{children}</div>
      {footer !== undefined && <footer className="modal__foot">{footer}</footer>}
    </Modal>
  );
}
