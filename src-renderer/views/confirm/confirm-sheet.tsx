/**
 * The only door to a signature: what in one line, what moves, every field in words, what is called, the bad cases, the total.
 * After the signature the same sheet shows what becomes of it.
 */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity, Proposal } from '../../../src-node/api/contract/index.ts';
import { useActivity, useSignProposal } from '../../models/activity.ts';
import { useAppStatus } from '../../models/app.ts';
import { errorCode } from '../../models/errors.ts';
import { isWithdrawn, useDeclineRequest, useProgramRequests } from '../../models/requests.ts';
import { useWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useNow } from '../../ui/use-now.ts';
import { ActivityFoot } from './activity-foot.tsx';
import { ActivityProgress } from './activity-progress.tsx';
import { ConfirmError } from './confirm-error.tsx';
import { PasswordField } from './password-field.tsx';
import { ProposalBody } from './proposal-body.tsx';
import { isUnknownCall, needsHold } from './proposal-risk.ts';
import { SignButton } from './sign-button.tsx';
import { SignConsent, type Consent } from './sign-consent.tsx';
import { TotalLeaving } from './total-leaving.tsx';

export interface ConfirmSheetProps {
  readonly proposal: Proposal;
  readonly again: (() => Promise<Proposal>) | undefined;
  /** Of another program that asked for it. */
  readonly request: string | undefined;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onSigned: (activity: Activity) => void;
  readonly onReplaced: (proposal: Proposal) => void;
}

export function ConfirmSheet({ proposal, again, request, open, onClose, onSigned, onReplaced }: ConfirmSheetProps) {
  const { t } = useTranslation(['sheet', 'shell']);
  const network = useAppStatus().data?.network ?? null;
  const sign = useSignProposal();
  const locked = useWallet().data?.state === 'locked';
  const [started, setStarted] = useState<Activity | null>(null);
  const [password, setPassword] = useState('');
  const [consent, setConsent] = useState<Consent>({ understood: false, twice: false });
  const signButton = useRef<HTMLDivElement>(null);
  const activity = useActivity(started);
  const now = useNow();
  const expired = now >= proposal.expiresAt || errorCode(sign.error) === 'PROPOSAL_EXPIRED' || errorCode(sign.error) === 'SIMULATION_CHANGED';
  const asksPassword = locked || errorCode(sign.error) === 'WALLET_LOCKED';
  const decline = useDeclineRequest();
  const waiting = useProgramRequests().data;
  const withdrawn = request !== undefined && sign.isIdle && decline.isIdle && isWithdrawn(request, waiting);
  const isWrong = errorCode(sign.error) === 'WRONG_PASSWORD';
  useEffect(() => { setPassword(''); }, [open]);
  // What was said of the password before is not said of the one that is typed now.
  const retype = (typed: string): void => {
    setPassword(typed);
    if (isWrong) sign.reset();
  };

  const confirm = (): void => sign.mutate({ id: proposal.id, ...(asksPassword ? { password } : {}) }, {
    onSuccess: (made) => {
      setPassword('');
      setStarted(made);
      onSigned(made);
    },
  });
  // Closing the sheet in another way leaves the program waiting; one that has gone meanwhile needs no answer.
  const leave = (): void => {
    if (request === undefined || withdrawn) onClose();
    else decline.mutate(request, { onSettled: onClose });
  };
  const missing = withdrawn ? t('missing.withdrawn') : isUnknownCall(proposal) && !consent.understood ? t('missing.understood') : asksPassword && password === '' ? t('missing.password') : expired ? t('missing.fresh') : proposal.totalAtMost > proposal.balance ? t('missing.money') : undefined;

  const title = t(`kind.${proposal.kind}.title`);
  if (activity !== null) {
    return (
      <Sheet open={open} onClose={onClose} title={title} width={540} footer={<ActivityFoot activity={activity} onClose={onClose} />}>
        <ActivityProgress activity={activity} proposal={proposal} />
      </Sheet>
    );
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={title}
      aside={network !== null && <Tag>{t(`shell:network.${network}`)}</Tag>}
      width={540}
      reading
      footer={
        <>
          <TotalLeaving proposal={proposal} />
          <Button size="large" onClick={leave} data-first-focus={asksPassword ? undefined : ''}>{t(withdrawn ? 'close' : request !== undefined ? 'decline' : proposal.kind === 'cancel' ? 'keep' : 'cancel')}</Button>
          <div ref={signButton}>
            <SignButton label={t(`kind.${proposal.kind}.sign`)} hold={needsHold(proposal)} twice={consent.twice} busy={sign.isPending ? t('signing') : false} missing={missing} onSign={confirm} />
          </div>
        </>
      }
    >
      <ProposalBody proposal={proposal} />
      <SignConsent proposal={proposal} consent={consent} onChange={setConsent} />
      {asksPassword && <PasswordField value={password} onChange={retype} wrong={isWrong} onEnter={() => signButton.current?.querySelector('button')?.focus()} />}
      {withdrawn && <div className="proposal__section"><Note tone="warn">{t('withdrawn')}</Note></div>}
      {!withdrawn && <ConfirmError error={sign.error} expired={expired} again={again} onReplaced={onReplaced} />}
    </Sheet>
  );
}
