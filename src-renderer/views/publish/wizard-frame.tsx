/** The frame of publishing: the steps on the left, one question, and the foot that stays. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Stepper, type Step } from '../../ui/stepper.tsx';
import type { WizardStep } from './wizard-steps.ts';

export interface WizardFrameProps {
  readonly steps: readonly Step<WizardStep>[];
  readonly onOpen: (step: WizardStep) => void;
  readonly question: string;
  readonly lead: ReactNode;
  /** Below the steps. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function WizardFrame({ steps, onOpen, question, lead, aside, children }: WizardFrameProps) {
  const { t } = useTranslation('publish');
  return (
    <div className="publish">
      <nav className="publish__nav" aria-label={t('steps')}>
        <p className="t-title">{t('title')}</p>
        <Stepper label={t('steps')} steps={steps} onOpen={onOpen} />
        {aside !== undefined && <div className="publish__kept t-small c-3">{aside}</div>}
      </nav>
      <section className="publish__step">
        <h1 className="t-head">{question}</h1>
        <p className="t-lead c-2 publish__lead">{lead}</p>
        {children}
      </section>
    </div>
  );
}
