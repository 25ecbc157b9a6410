/** What a signed act has come to, in words, and the page to see it on. */
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Activity, Proposal, SheetField } from '../../../src-node/api/contract/index.ts';
import { activityPath } from '../../models/activity.ts';
import { cpc, shortHash } from '../../models/format.ts';
import { useErrorText } from '../../ui/error-text.ts';
import type { ToastOptions } from '../../ui/toast.ts';
import { usePartyName } from './use-party-name.ts';

export function useOutcome(): (activity: Activity, proposal: Proposal) => ToastOptions & { readonly title: string } {
  const { t } = useTranslation('sheet');
  const navigate = useNavigate();
  const errorText = useErrorText();
  const partyName = usePartyName();
  const open = (activity: Activity): ToastOptions => {
    const { subject, state } = activity;
    if (subject === null || subject.kind === 'contracts' || (subject.kind !== 'order' && state !== 'final')) return {};
    return { action: { label: t(`open.${subject.kind}`), run: () => void navigate(activityPath(activity)) } };
  };
  return (activity, proposal) => {
    const act = t(`kind.${activity.kind}.title`);
    if (activity.state === 'cancelled') {
      const fee = activity.transactions.reduce((sum, one) => sum + (one.fee ?? 0n), 0n);
      return { title: t('cancelled.title', { act }), tone: 'ok', text: t('cancelled.text', { fee: cpc(fee, { unit: true }) }) };
    }
    if (activity.state === 'final' && activity.tooLateToCancel) return { title: t('not_cancelled', { act }), tone: 'warn', text: t('state_text.too_late'), ...open(activity) };
    if (activity.state !== 'final') {
      const reason = activity.error === null ? t(`state_text.${activity.state}`) : errorText(activity.error).message;
      return { title: t('not_done', { act }), tone: 'bad', text: reason, ...open(activity) };
    }
    const field = (key: string): string => wordsOf(proposal.fields.find((one) => one.key === key)?.value);
    const words = {
      what: activity.title === '' ? t('untitled') : activity.title, account: partyName(proposal),
      to: field('to'), amount: field('amount'), price: field('price'), deposit: field('deposit'),
    };
    return { title: t(`done.${activity.kind}.title`, words), tone: 'ok', text: t(`done.${activity.kind}.text`, words), ...open(activity) };
  };
}

function wordsOf(value: SheetField['value'] | undefined): string {
  if (value?.kind === 'amount') return cpc(value.amount, { unit: true });
  if (value?.kind === 'address') return value.name ?? shortHash(value.address);
  return value?.kind === 'text' ? value.text : '';
}
