/** A filter that is on or off, or one that can be removed. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './pill.css';

export interface ChipProps {
  readonly on?: boolean;
  readonly onClick?: (() => void) | undefined;
  /** Shows a cross; pressing the chip calls this. */
  readonly onRemove?: (() => void) | undefined;
  readonly children: ReactNode;
}

export function Chip({ on = false, onClick, onRemove, children }: ChipProps) {
  const { t } = useTranslation('ui');
  if (onRemove !== undefined) {
    return <button type="button" className="chip chip--on" onClick={onRemove}>{children}<X aria-hidden /><span className="unseen">{t('remove')}</span></button>;
  }
  return <button type="button" className={on ? 'chip chip--on' : 'chip'} aria-pressed={on} onClick={onClick}>{children}</button>;
}
