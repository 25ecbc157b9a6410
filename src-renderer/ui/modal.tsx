/**
 * Ground of sheets and dialogs: the browser's own modal dialog, which holds the focus, silences the page behind and gives
 * the focus back. It needs no injected styles, so the strict content policy holds.
 */
import { useEffect, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import { LayerContext } from './layer.ts';
import './modal.css';

/** Time of the closing motion; the content stays until it is over. */
const CLOSING_MILLIS = 180;

export interface ModalProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

export function Modal({ open, onClose, label, className, children }: ModalProps) {
  const [element, setElement] = useState<HTMLDialogElement | null>(null);
  const typed = useRef(false);
  const present = usePresence(open);

  useEffect(() => {
    if (element === null) return;
    if (open && !element.open) {
      typed.current = false;
      element.showModal();
      element.querySelector<HTMLElement>('[data-first-focus], [data-body] :is(input, textarea, select)')?.focus();
    } else if (!open && element.open) element.close();
  }, [open, element]);

  const pressScrim = (event: MouseEvent): void => {
    if (event.target === element && !typed.current) onClose();
  };
  return (
    <dialog
      ref={setElement}
      className={`modal ${className}`}
      aria-label={label}
      onCancel={(event) => {
        if (event.target !== element) return;
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => {
        // The browser closes by itself on a second Escape.
        if (event.target === element && open) onClose();
      }}
      onInput={() => { typed.current = true; }}
      onMouseDown={pressScrim}
    >
      <LayerContext value={element}>{present && children}</LayerContext>
    </dialog>
  );
}

function usePresence(open: boolean): boolean {
  const [lingering, setLingering] = useState(open);
  useEffect(() => {
    const timer = setTimeout(() => setLingering(open), open ? 0 : CLOSING_MILLIS);
    return () => clearTimeout(timer);
  }, [open]);
  return open || lingering;
}
