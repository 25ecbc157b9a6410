/** Everything once more as a buyer reads it, packing, and the one signature behind it. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { useDraftSteps } from '../../models/publish.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { ListingDraft } from './listing-draft.tsx';
import { PackingButton } from './packing-button.tsx';
import { PackingState } from './packing-state.tsx';
import { ReviewChecks } from './review-checks.tsx';
import { WizardFoot } from './wizard-foot.tsx';

export function ReviewStep({ draft, onBack }: { readonly draft: DraftView; readonly onBack: (() => void) | undefined }) {
  const { t } = useTranslation('publish');
  const { prepare } = useDraftSteps(draft.id);
  const signing = useSigning();
  const { state, listing } = draft;
  return (
    <>
      <div className="publish__split">
        <ListingDraft draft={draft} />
        <div className="publish__form">
          <ReviewChecks draft={draft} />
          <PackingState draft={draft} />
          {state === 'signing' && <Note tone="wait">{t('review.signing')}</Note>}
          {state === 'published' && listing !== null && <Note tone="ok">{t('review.published')} <Link to="/market/$listing" params={{ listing }}>{t('review.open')}</Link></Note>}
          {signing.error !== null && <ErrorPanel error={signing.error} />}
        </div>
      </div>
      <WizardFoot hint={t(state === 'packed' ? 'hint.publish' : state === 'signing' || state === 'published' ? 'hint.signed' : 'hint.pack')} onBack={onBack}>
        {state === 'packed' ? <Button variant="ink" size="large" busy={signing.pending ? t('review.running') : false} onClick={() => signing.propose(prepare)}>{t('review.publish')}</Button> : <PackingButton draft={draft} />}
      </WizardFoot>
    </>
  );
}
