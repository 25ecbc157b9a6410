/** The steps of a wizard: done, now, to do. Those that were reached can be opened again. */
import { Check } from 'lucide-react';
import './stepper.css';

export interface Step<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly state: 'done' | 'now' | 'next';
  /** Whether pressing it opens it. */
  readonly open: boolean;
}

export interface StepperProps<Id extends string> {
  readonly label: string;
  readonly steps: readonly Step<Id>[];
  readonly onOpen: (id: Id) => void;
}

export function Stepper<Id extends string>({ label, steps, onOpen }: StepperProps<Id>) {
  return (
    <ol className="stepper" aria-label={label}>
      {steps.map(({ id, title, state, open }, i) => (
        <li key={id}>
          <button type="button" className={`stepper__step stepper__step--${state}`} aria-current={state === 'now' ? 'step' : undefined} disabled={!open} onClick={() => onOpen(id)}>
            <span className="stepper__number">{state === 'done' ? <><Check aria-hidden /><span className="unseen">{i + 1}</span></> : i + 1}</span>
            {title}
          </button>
        </li>
      ))}
    </ol>
  );
}
