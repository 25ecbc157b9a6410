/**
 * A signature about much money: held for 1.2 s with the pointer or with Enter, or, once the tick is set, pressed twice.
 */
import { Fingerprint } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, type ButtonProps } from './button.tsx';
import './hold-button.css';

const HOLD_MILLIS = 1200;

export interface HoldButtonProps extends Pick<ButtonProps, 'busy' | 'disabledReason' | 'size'> {
  /** Press twice instead of holding. */
  readonly twice: boolean;
  readonly onDone: () => void;
  readonly children: ReactNode;
}

export function HoldButton({ twice, onDone, children, ...rest }: HoldButtonProps) {
  const { t } = useTranslation('ui');
  const [holding, setHolding] = useState(false);
  const [pressed, setPressed] = useState(false);
  const done = useRef(onDone);
  useEffect(() => { done.current = onDone; });
  const blocked = Boolean(rest.busy) || Boolean(rest.disabledReason);
  useEffect(() => {
    if (!holding || blocked) return;
    const timer = setTimeout(() => {
      setHolding(false);
      done.current();
    }, HOLD_MILLIS);
    return () => clearTimeout(timer);
  }, [holding, blocked]);
  const press = (): void => {
    if (!twice) return;
    if (pressed) onDone();
    setPressed(!pressed);
  };
  const isHoldKey = (event: KeyboardEvent): boolean => event.key === 'Enter' || event.key === ' ';
  return (
    <Button
      {...rest}
      variant="sign"
      icon={<Fingerprint aria-hidden />}
      className={holding && !twice && !blocked ? 'hold-button hold-button--held' : 'hold-button'}
      onClick={press}
      onPointerDown={() => setHolding(!twice)}
      onPointerUp={() => setHolding(false)}
      onPointerLeave={() => setHolding(false)}
      onKeyDown={(event) => { if (isHoldKey(event) && !twice) setHolding(true); }}
      onKeyUp={() => setHolding(false)}
      onBlur={() => setHolding(false)}
    >
      {twice ? (pressed ? t('hold.again') : children) : t('hold.hold')}
    </Button>
  );
}
