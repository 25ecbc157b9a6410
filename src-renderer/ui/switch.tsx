/** Acts at once. */
import { Switch as Radix } from 'radix-ui';
import './checkbox.css';

export interface SwitchProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly label: string;
}

export function Switch({ checked, onChange, label }: SwitchProps) {
  return (
    <Radix.Root className="switch" checked={checked} onCheckedChange={onChange} aria-label={label}>
      <Radix.Thumb className="switch__thumb" />
    </Radix.Root>
  );
}
