/** Stays at the lower edge: what happens next in one sentence, one step back, one step on. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';

export interface WizardFootProps {
  readonly hint?: ReactNode;
  /** Left out where there is nothing to go back to. */
  readonly onBack?: (() => void) | undefined;
  /** The button that goes on. */
  readonly children?: ReactNode;
}

export function WizardFoot({ hint, onBack, children }: WizardFootProps) {
  const { t } = useTranslation('publish');
  return (
    <footer className="publish__foot">
      <span className="t-small c-3 grow">{hint}</span>
      {onBack !== undefined && <Button size="large" onClick={onBack}>{t('back')}</Button>}
      {children}
    </footer>
  );
}
