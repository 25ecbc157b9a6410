/** From the signature to the final block. */
import { Circle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Activity, Proposal } from '../../../src-node/api/contract/index.ts';
import { hasEnded } from '../../models/activity.ts';
import { grouped, shortHash } from '../../models/format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Amount } from '../../ui/amount.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { useOutcome } from './use-outcome.ts';
import './proposal.css';

const STEPS = ['waiting', 'sent', 'mined', 'final'] as const;

/** How far a replaced one is: sent, and in the end final. */
const AS_STEP = { replaced: 'sent', cancelling: 'sent', cancelled: 'final' } as const;

export function ActivityProgress({ activity, proposal }: { readonly activity: Activity; readonly proposal: Proposal }) {
  const { t } = useTranslation('sheet');
  const outcome = useOutcome();
  const reached = STEPS.indexOf(activity.state in AS_STEP ? AS_STEP[activity.state as keyof typeof AS_STEP] : (activity.state as (typeof STEPS)[number]));
  const mined = activity.transactions.find((transaction) => transaction.block !== null);
  return (
    <div aria-live="polite">
      <div className="activity__state">
        {hasEnded(activity) && <h3 className="t-h">{outcome(activity, proposal).title}</h3>}
        <p className="t-lead c-2">{t(`state_text.${activity.tooLateToCancel && activity.state !== 'failed' ? 'too_late' : activity.state}`)}</p>
      </div>
      {activity.error !== null && <ErrorPanel error={activity.error} />}
      {reached >= 0 && (
        <ol className="activity">
          {STEPS.map((step, index) => {
            const state = index < reached || activity.state === 'final' || activity.state === 'cancelled' ? 'done' : index === reached ? 'now' : 'next';
            return (
              <li key={step} className={`activity__step activity__step--${state}`} aria-current={state === 'now' ? 'step' : undefined}>
                {state === 'next' ? <Circle aria-hidden /> : <StatusIcon tone={state === 'done' ? 'ok' : 'wait'} />}
                <span className={state === 'next' ? 'c-3' : 'c-1 t-medium'}>{step === 'mined' && state !== 'next' && mined?.block != null ? t('in_block', { block: grouped(mined.block) }) : t(`step.${step}`)}</span>
              </li>
            );
          })}
        </ol>
      )}
      <section className="proposal__section">
        <h3 className="t-label">{t('transactions')}</h3>
        <div className="plate ruled">
          {activity.transactions.map((transaction) => (
            <div key={transaction.hash} className="proposal__line">
              <span className="row t-mono">{shortHash(transaction.hash)}<CopyButton text={transaction.hash} label={t('copy_hash')} /></span>
              <span className="c-2">{transaction.fee === null ? t('fee_later') : <>{t('fee_paid')} <Amount value={transaction.fee} unit /></>}</span>
            </div>
          ))}
        </div>
      </section>
    </div>
  );
}
