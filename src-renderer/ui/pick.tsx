/** A choice of two to four, each with its consequence. */
import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import './pick.css';

export interface PickOption<Value extends string> {
  readonly value: Value;
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
}

export interface PickProps<Value extends string> {
  readonly label: string;
  readonly value: Value | null;
  readonly options: readonly PickOption<Value>[];
  readonly onChange: (value: Value) => void;
  /** Side by side instead of below each other. */
  readonly inline?: boolean;
}

export function Pick<Value extends string>({ label, value, options, onChange, inline = false }: PickProps<Value>) {
  const choose = (chosen: string): void => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <RadioGroup.Root className={inline ? 'pick pick--inline' : 'pick'} aria-label={label} value={value} onValueChange={choose}>
      {options.map((option) => (
        <RadioGroup.Item key={option.value} value={option.value} className="pick__card">
          <span className="pick__mark" aria-hidden />
          <span className="pick__text">
            <span className="row apart"><span className="t-h">{option.title}</span>{option.aside !== undefined && <span className="c-3 t-small">{option.aside}</span>}</span>
            {option.children !== undefined && <span className="pick__body">{option.children}</span>}
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
