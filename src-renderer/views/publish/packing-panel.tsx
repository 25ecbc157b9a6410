/** Packing: its start, its course, what stopped it. The keys of the seller are needed, so a locked wallet is opened here. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { errorCode } from '../../models/errors.ts';
import { useDraftSteps } from '../../models/publish.ts';
import { useWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { UnlockForm } from '../unlock/unlock-form.tsx';
import { Progress } from './progress.tsx';

export function PackingPanel({ draft }: { readonly draft: DraftView }) {
  const { t } = useTranslation('publish');
  const { pack } = useDraftSteps(draft.id);
  const locked = useWallet().data?.state === 'locked';
  const [asking, setAsking] = useState(false);
  const { state, progress } = draft;
  const working = state === 'packing' || state === 'storing' || state === 'verifying';
  // Kept by the node until the job runs again; while the wallet is locked the button says it already.
  const stopped = draft.error !== null && errorCode(draft.error) !== 'WALLET_LOCKED' ? draft.error : null;
  const start = (): void => (locked ? setAsking(true) : pack.mutate(undefined, { onError: (error) => { if (errorCode(error) === 'WALLET_LOCKED') setAsking(true); } }));
  const unlocked = (): void => {
    setAsking(false);
    pack.mutate(undefined);
  };
  return (
    <>
      {working && progress !== null && <Progress {...progress} label={t(`state.${state}`)} />}
      {stopped !== null && <ErrorPanel error={stopped} />}
      {locked && !['packed', 'signing', 'published'].includes(state) && <Note tone="warn">{t('review.locked')}</Note>}
      {(state === 'draft' || state === 'failed' || (working && locked)) && (
        <Button variant="ink" size="large" busy={pack.isPending ? t('review.starting') : false} onClick={start}>{t(locked ? 'review.unlock' : state === 'failed' ? 'review.again' : 'review.pack')}</Button>
      )}
      {pack.error !== null && <ErrorPanel error={pack.error} />}
      <Dialog open={asking} onClose={() => setAsking(false)} title={t('review.unlock')}><UnlockForm onDone={unlocked} /></Dialog>
    </>
  );
}
