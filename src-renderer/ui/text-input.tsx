/** One line of text. Inside a `Field` it takes label, help and error from there; alone it needs `aria-label`. */
import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import { useField } from './field.tsx';

export interface TextInputProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly icon?: ReactNode;
  readonly look?: 'normal' | 'small' | 'big';
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextInput({ icon, look = 'normal', mono = false, className, ...rest }: TextInputProps) {
  const field = useField();
  return (
    <span className={classNames('input', look !== 'normal' && `input--${look}`, field?.invalid === true && 'input--invalid', className)}>
      {icon}
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        id={rest.id ?? field?.control}
        className={mono ? 't-mono' : undefined}
        aria-invalid={field?.invalid === true || undefined}
        aria-describedby={field?.describedBy}
      />
      {field?.unit !== undefined && <span className="input__unit">{field.unit}</span>}
    </span>
  );
}
