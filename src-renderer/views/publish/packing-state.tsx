/** How far packing is, and what stopped it. */
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { errorCode } from '../../models/errors.ts';
import { useWallet } from '../../models/wallet.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Progress } from './progress.tsx';

export function PackingState({ draft: { state, progress, error } }: { readonly draft: DraftView }) {
  const { t } = useTranslation('publish');
  const locked = useWallet().data?.state === 'locked';
  // Kept by the node until the job runs again; while the wallet is locked the button says it already.
  const stopped = error !== null && errorCode(error) !== 'WALLET_LOCKED' ? error : null;
  return (
    <>
      {isWorking(state) && progress !== null && <Progress {...progress} label={t(`state.${state}`)} />}
      {stopped !== null && <ErrorPanel error={stopped} />}
      {locked && !['packed', 'signing', 'published'].includes(state) && <Note tone="warn">{t('review.locked')}</Note>}
    </>
  );
}

export function isWorking(state: DraftView['state']): boolean {
  return state === 'packing' || state === 'storing' || state === 'verifying';
}
