/** A box of a form: nothing happens until the form is sent. */
import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import { useId, type ReactNode } from 'react';
import './checkbox.css';

export interface CheckboxProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  readonly help?: ReactNode;
}

export function Checkbox({ checked, onChange, children, help }: CheckboxProps) {
  const id = useId();
  return (
    <div className="checkbox">
      <Radix.Root id={id} className="checkbox__box" checked={checked} onCheckedChange={(state) => onChange(state === true)} aria-describedby={help ? `${id}-help` : undefined}>
        <Radix.Indicator asChild><Check aria-hidden /></Radix.Indicator>
      </Radix.Root>
      <span className="col">
        <label htmlFor={id}>{children}</label>
        {help ? <span id={`${id}-help`} className="t-small c-3">{help}</span> : null}
      </span>
    </div>
  );
}
