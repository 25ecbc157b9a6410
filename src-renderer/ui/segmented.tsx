/** Another view of the same thing; one option is always on. */
import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import './segmented.css';

export interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly onChange: (value: Value) => void;
}

export function Segmented<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  const choose = (chosen: string): void => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <ToggleGroup.Root type="single" className="segmented" aria-label={label} value={value} onValueChange={choose}>
      {options.map((option) => <ToggleGroup.Item key={option.value} value={option.value} className="segmented__item">{option.label}</ToggleGroup.Item>)}
    </ToggleGroup.Root>
  );
}
