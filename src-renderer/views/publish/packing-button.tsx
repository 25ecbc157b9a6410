/** Starts packing. The keys of the seller are needed, so a locked wallet is opened here. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { errorCode } from '../../models/errors.ts';
import { useDraftSteps } from '../../models/publish.ts';
import { useWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { UnlockForm } from '../unlock/unlock-form.tsx';
import { isWorking } from './packing-state.tsx';

export function PackingButton({ draft: { id, state } }: { readonly draft: DraftView }) {
  const { t } = useTranslation('publish');
  const { pack } = useDraftSteps(id);
  const locked = useWallet().data?.state === 'locked';
  const [asking, setAsking] = useState(false);
  const start = (): void => (locked ? setAsking(true) : pack.mutate(undefined, { onError: (error) => { if (errorCode(error) === 'WALLET_LOCKED') setAsking(true); } }));
  const unlocked = (): void => {
    setAsking(false);
    pack.mutate(undefined);
  };
  const offered = state === 'draft' || state === 'failed' || (isWorking(state) && locked);
  return (
    <>
      {pack.error !== null && <ErrorPanel error={pack.error} />}
      {offered && <Button variant="ink" size="large" busy={pack.isPending ? t('review.starting') : false} onClick={start}>{t(locked ? 'review.unlock' : state === 'failed' ? 'review.again' : 'review.pack')}</Button>}
      {isWorking(state) && !locked && <Button variant="ink" size="large" busy={t(`state.${state}`)}>{t('review.publish')}</Button>}
      <Dialog open={asking} onClose={() => setAsking(false)} title={t('review.unlock')}><UnlockForm onDone={unlocked} /></Dialog>
    </>
  );
}
