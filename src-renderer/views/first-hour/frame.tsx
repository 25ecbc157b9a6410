/** Steps and the large dial on the left, the one decision on the right. */
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CommitteeRing } from '../../ui/committee-ring.tsx';
import { Mark } from '../../ui/mark.tsx';
import './first-hour.css';

const STEPS = ['network', 'wallet', 'backup'] as const;
export type FirstHourStep = (typeof STEPS)[number];

/** Block of the dial at each step: a quarter of the first round, the whole of it, the second one. */
const BLOCK = { network: 2, wallet: 11, backup: 23 } as const;

export function FirstHourFrame({ step, children }: { readonly step: FirstHourStep; readonly children: ReactNode }) {
  const { t } = useTranslation('first-hour');
  const at = STEPS.indexOf(step);
  return (
    <div className="first-hour">
      <aside className="first-hour__aside">
        <div className="first-hour__brand"><Mark />CPChain</div>
        <ol className="first-hour__steps" aria-label={t('steps')}>
          {STEPS.map((name, index) => (
            <li key={name} className={index < at ? 'is-done' : index === at ? 'is-now' : ''} aria-current={index === at ? 'step' : undefined}>
              <span className="first-hour__number">{index < at ? <Check aria-hidden /> : index + 1}</span>
              <span>{t(`step.${name}`)}<small>{t(`step_note.${name}`)}</small></span>
            </li>
          ))}
        </ol>
        <div className="first-hour__dial" aria-hidden="true" inert><CommitteeRing termLen={12} viewLen={3} block={BLOCK[step]} size={560} label="" /></div>
      </aside>
      <main className="first-hour__main">{children}</main>
    </div>
  );
}

export interface StepScreenProps {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
  /** The foot: what to know on the left, the way on at the right. */
  readonly foot: ReactNode;
}

export function StepScreen({ title, lead, children, foot }: StepScreenProps) {
  return (
    <>
      <h1 className="t-head">{title}</h1>
      <p className="t-lead c-2 above-1">{lead}</p>
      <div className="first-hour__body">{children}</div>
      <footer className="first-hour__foot">{foot}</footer>
    </>
  );
}
