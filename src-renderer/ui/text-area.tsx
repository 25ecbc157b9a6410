/** Several lines of text, within a `Field`. */
import type { Ref, TextareaHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';
import { useField } from './field.tsx';

export interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

export function TextArea({ mono = false, className, ...rest }: TextAreaProps) {
  const field = useField();
  return (
    <span className={classNames('input', field?.invalid === true && 'input--invalid', className)}>
      <textarea {...rest} id={rest.id ?? field?.control} className={mono ? 't-mono' : undefined} aria-invalid={field?.invalid === true || undefined} aria-describedby={field?.describedBy} />
    </span>
  );
}
