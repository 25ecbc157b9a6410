/** Ink acts, patina signs: `ink` once in a view, `sign` only where the next click makes a signature. */
import { LoaderCircle } from 'lucide-react';
import type { ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';
import './button.css';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly variant?: 'ink' | 'sign' | 'plain' | 'quiet' | 'danger' | 'danger-solid';
  readonly size?: 'small' | 'medium' | 'large';
  /** What it waits for, in words; it cannot be pressed meanwhile and keeps its width. */
  readonly busy?: string | false | undefined;
  /** What is missing; the button stays focusable and says so. */
  readonly disabledReason?: ReactNode;
  readonly icon?: ReactNode;
  readonly block?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = 'plain', size = 'medium', busy = false, disabledReason, icon, block = false, className, children, onClick, type = 'button', ...rest }: ButtonProps) {
  const blocked = busy !== false || Boolean(disabledReason);
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (blocked) event.preventDefault();
    else onClick?.(event);
  };
  const iconOnly = icon !== undefined && children === undefined;
  const button = (
    <button
      {...rest}
      type={type}
      aria-disabled={blocked || undefined}
      className={classNames('button', `button--${variant}`, `button--${size}`, iconOnly && 'button--icon', block && 'button--block', className)}
      onClick={press}
    >
      <span className="button__label" aria-hidden={busy !== false || undefined}>{icon}{children}</span>
      {busy !== false && <span className="button__busy"><LoaderCircle aria-hidden />{busy}</span>}
    </button>
  );
  return disabledReason ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}
