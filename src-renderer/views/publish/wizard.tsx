/** Five steps; past ones can be opened again until the signature. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Stepper } from '../../ui/stepper.tsx';
import { DataStep } from './data-step.tsx';
import { DescribeStep } from './describe-step.tsx';
import { PriceStep } from './price-step.tsx';
import { ReviewStep } from './review-step.tsx';
import { StorageStep } from './storage-step.tsx';

const STEPS = ['data', 'describe', 'storage', 'price', 'review'] as const;
export type WizardStep = (typeof STEPS)[number];

/** Where a draft goes on that was left. */
function firstOpen(draft: DraftView): WizardStep {
  if (draft.description === null) return 'data';
  return draft.terms === null ? 'storage' : 'review';
}

export function Wizard({ draft, onLeave }: { readonly draft: DraftView; readonly onLeave: () => void }) {
  const { t } = useTranslation('publish');
  const [chosen, setStep] = useState<WizardStep>(() => firstOpen(draft));
  const locked = draft.state === 'signing' || draft.state === 'published';
  const step = locked ? 'review' : chosen;
  const reached = STEPS.indexOf(firstOpen(draft));
  const at = STEPS.indexOf(step);
  const next = (): void => setStep(STEPS[at + 1] ?? 'review');
  const steps = STEPS.map((id, i) => ({ id, title: t(`step.${id}`), state: i === at ? 'now' : i < Math.max(reached, at) ? 'done' : 'next', open: !locked && i <= Math.max(reached, at) } as const));
  return (
    <div className="publish">
      <nav className="publish__nav" aria-label={t('steps')}>
        <Stepper label={t('steps')} steps={steps} onOpen={setStep} />
        <Button variant="quiet" size="small" onClick={onLeave}>{t('leave')}</Button>
      </nav>
      <section>
        <PageHead title={t(`question.${step}`)} lead={<bdi>{draft.file.name}</bdi>} />
        {step === 'data' && <DataStep draft={draft} onNext={next} />}
        {step === 'describe' && <DescribeStep draft={draft} onNext={next} />}
        {step === 'storage' && <StorageStep draft={draft} onNext={next} />}
        {step === 'price' && <PriceStep draft={draft} onNext={next} />}
        {step === 'review' && <ReviewStep draft={draft} />}
      </section>
    </div>
  );
}
