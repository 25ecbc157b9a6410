/** Label above, control, help below; one error sentence with a mark. */
import { OctagonX } from 'lucide-react';
import { createContext, useContext, useId, type ReactNode } from 'react';
import './field.css';

export interface FieldProps {
  readonly label: ReactNode;
  /** At the label's right end: a link or a count. */
  readonly aside?: ReactNode;
  readonly help?: ReactNode;
  readonly error?: ReactNode;
  /** Inside the control, right. */
  readonly unit?: ReactNode;
  readonly children: ReactNode;
}

interface FieldIds {
  readonly control: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly unit: ReactNode;
}

const FieldContext = createContext<FieldIds | null>(null);

/** What a control inside a `Field` puts on itself; null outside of one. */
export function useField(): FieldIds | null {
  return useContext(FieldContext);
}

export function Field({ label, aside, help, error, unit, children }: FieldProps) {
  const id = useId();
  const described = error ? `${id}-error` : help ? `${id}-help` : undefined;
  return (
    <div className="field">
      <div className="field__head">
        <label htmlFor={id}>{label}</label>
        {aside}
      </div>
      <FieldContext value={{ control: id, describedBy: described, invalid: Boolean(error), unit }}>{children}</FieldContext>
      {error ? (
        <p className="field__error" id={`${id}-error`}><OctagonX aria-hidden />{error}</p>
      ) : help ? (
        <p className="field__help" id={`${id}-help`}>{help}</p>
      ) : null}
    </div>
  );
}
