/** The steps of a wizard: done, now, to do, in need of a look. Those that were reached can be opened again. */
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import './stepper.css';

export interface Step<Id extends string> {
  readonly id: Id;
  readonly title: string;
  /** What it is about, below the title. */
  readonly text?: string;
  readonly state: 'done' | 'now' | 'next' | 'attention';
  /** Whether pressing it opens it. */
  readonly open: boolean;
}

export interface StepperProps<Id extends string> {
  readonly label: string;
  readonly steps: readonly Step<Id>[];
  readonly onOpen: (id: Id) => void;
}

export function Stepper<Id extends string>({ label, steps, onOpen }: StepperProps<Id>) {
  const { t } = useTranslation('ui');
  return (
    <ol className="stepper" aria-label={label}>
      {steps.map(({ id, title, text, state, open }, i) => (
        <li key={id}>
          <button type="button" className={`stepper__step stepper__step--${state}`} aria-current={state === 'now' ? 'step' : undefined} disabled={!open} onClick={() => onOpen(id)}>
            <span className="stepper__number">{state === 'done' ? <><Check aria-hidden /><span className="unseen">{i + 1}</span></> : state === 'attention' ? <><span aria-hidden>!</span><span className="unseen">{i + 1}</span></> : i + 1}</span>
            <span className="col">
              <span className="stepper__title">{title}</span>
              {text !== undefined && <span className="t-small c-3">{text}</span>}
              {state === 'attention' && <span className="t-small c-warn">{t('needs_look')}</span>}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
