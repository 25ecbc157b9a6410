/** Five steps; past ones can be opened again until the signature. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { useMarketStatus } from '../../models/market.ts';
import { Button } from '../../ui/button.tsx';
import type { Step } from '../../ui/stepper.tsx';
import { Time } from '../../ui/time.tsx';
import { DataStep } from './data-step.tsx';
import { DescribeStep } from './describe-step.tsx';
import { PriceStep } from './price-step.tsx';
import { ReviewStep } from './review-step.tsx';
import { StorageStep } from './storage-step.tsx';
import { WizardFrame } from './wizard-frame.tsx';
import { firstOpen, needsAttention, WIZARD_STEPS, type WizardStep } from './wizard-steps.ts';

export function Wizard({ draft, onLeave }: { readonly draft: DraftView; readonly onLeave: () => void }) {
  const { t } = useTranslation('publish');
  const market = useMarketStatus().data;
  const [chosen, setStep] = useState<WizardStep>(() => firstOpen(draft));
  const signed = draft.state === 'signing' || draft.state === 'published';
  const step = signed ? 'review' : chosen;
  const at = WIZARD_STEPS.indexOf(step);
  const reached = Math.max(WIZARD_STEPS.indexOf(firstOpen(draft)), at);
  const stateOf = (id: WizardStep, i: number): Step<WizardStep>['state'] => (i === at ? 'now' : i > reached ? 'next' : needsAttention(id, draft, market) ? 'attention' : i < reached ? 'done' : 'next');
  const steps = WIZARD_STEPS.map((id, i) => ({ id, title: t(`step.${id}`), text: t(`step_text.${id}`), state: stateOf(id, i), open: !signed && i <= reached }));
  const go = (by: -1 | 1) => (): void => setStep(WIZARD_STEPS[at + by] ?? step);
  return (
    <WizardFrame
      steps={steps}
      onOpen={setStep}
      question={t(`question.${step}`)}
      lead={t(`lead_of.${step}`)}
      aside={<><p className="publish__file"><bdi className="t-mono">{draft.file.name}</bdi></p><p>{t('kept')} <Time at={draft.updatedAt} style="age" /></p><p>{t('leave_any_time')}</p><Button variant="quiet" size="small" className="publish__leave" onClick={onLeave}>{t('leave')}</Button></>}
    >
      {step === 'data' && <DataStep draft={draft} onBack={onLeave} onNext={go(1)} />}
      {step === 'describe' && <DescribeStep draft={draft} onBack={go(-1)} onNext={go(1)} />}
      {step === 'storage' && <StorageStep draft={draft} onBack={go(-1)} onNext={go(1)} />}
      {step === 'price' && <PriceStep draft={draft} onBack={go(-1)} onNext={go(1)} />}
      {step === 'review' && <ReviewStep draft={draft} onBack={signed ? undefined : go(-1)} />}
    </WizardFrame>
  );
}
