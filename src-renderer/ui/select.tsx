/** One of a few options; the platform's own list, so that it works everywhere with keys and readers. */
import { ChevronDown } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import './select.css';

export interface SelectProps<Value extends string> {
  readonly label: ReactNode;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
  /** Keeps the label for readers only. */
  readonly hideLabel?: boolean;
  readonly help?: ReactNode;
}

export function Select<Value extends string>({ label, value, options, onChange, hideLabel = false, help }: SelectProps<Value>) {
  const id = useId();
  const choose = (chosen: string): void => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'unseen' : 'field__head'}>{label}</label>
      <span className="select">
        <select id={id} value={value} onChange={(event) => choose(event.target.value)} aria-describedby={help ? `${id}-help` : undefined}>
          {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
        </select>
        <ChevronDown aria-hidden />
      </span>
      {help ? <p className="field__help" id={`${id}-help`}>{help}</p> : null}
    </div>
  );
}
