/** Packing, and the one signature behind it. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { useDraftSteps } from '../../models/publish.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Pill } from '../../ui/pill.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { Progress } from './progress.tsx';

export function ReviewStep({ draft }: { readonly draft: DraftView }) {
  const { t } = useTranslation('publish');
  const { pack, prepare } = useDraftSteps(draft.id);
  const signing = useSigning();
  const { terms, description, progress, state, listing } = draft;
  const working = state === 'packing' || state === 'storing' || state === 'verifying';
  return (
    <div className="publish__form">
      <dl className="publish__summary">
        <dt>{t('field.title')}</dt><dd><bdi>{description?.title ?? '–'}</bdi></dd>
        <dt>{t('price.label')}</dt><dd>{terms === null ? '–' : <Amount value={terms.price} unit />}</dd>
        <dt>{t('bond.label')}</dt><dd>{terms === null ? '–' : <Amount value={terms.bond} unit />}</dd>
        <dt>{t('licence.label')}</dt><dd>{terms?.licenceId ?? '–'}</dd>
        <dt>{t('review.state')}</dt><dd><Pill tone={state === 'failed' ? 'bad' : state === 'packed' || state === 'published' ? 'ok' : 'wait'}>{t(`state.${state}`)}</Pill></dd>
      </dl>
      {working && progress !== null && <Progress {...progress} label={t(`state.${state}`)} />}
      {draft.error !== null && <div role="alert"><p className="t-h">{draft.error.message}</p>{draft.error.help !== undefined && <p className="c-2">{draft.error.help}</p>}</div>}
      {(state === 'draft' || state === 'failed') && <Button variant="ink" size="large" busy={pack.isPending ? t('review.starting') : false} onClick={() => pack.mutate(undefined)}>{t(state === 'failed' ? 'review.again' : 'review.pack')}</Button>}
      {state === 'packed' && <Button variant="ink" size="large" busy={signing.pending ? t('review.running') : false} onClick={() => signing.propose(prepare)}>{t('review.publish')}</Button>}
      {state === 'signing' && <Note tone="wait">{t('review.signing')}</Note>}
      {state === 'published' && listing !== null && <Note tone="ok">{t('review.published')} <Link to="/market/$listing" params={{ listing }}>{t('review.open')}</Link></Note>}
      {pack.error !== null && <ErrorPanel error={pack.error} />}
      {signing.error !== null && <ErrorPanel error={signing.error} />}
    </div>
  );
}
