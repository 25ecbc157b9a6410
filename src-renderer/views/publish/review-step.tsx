/** Everything once more, packing, and the one signature behind it. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { useDraftSteps, useLicences } from '../../models/publish.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { DraftState } from './draft-state.tsx';
import { PackingPanel } from './packing-panel.tsx';

export function ReviewStep({ draft }: { readonly draft: DraftView }) {
  const { t } = useTranslation(['publish', 'market']);
  const { prepare } = useDraftSteps(draft.id);
  const licences = useLicences().data ?? [];
  const nameOf = useAccountName();
  const signing = useSigning();
  const { terms, description, state, listing } = draft;
  return (
    <div className="publish__form">
      <dl className="publish__summary">
        {description !== null && <><dt>{t('field.title')}</dt><dd><bdi>{description.title}</bdi></dd></>}
        {description !== null && <><dt>{t('field.category')}</dt><dd>{t(`market:category.${description.category}`)}</dd></>}
        <dt>{t('step.storage')}</dt><dd>{draft.places.filter(({ chosen }) => chosen).map(({ id }) => t(`place.${id}`)).join(', ')}</dd>
        {terms !== null && (
          <>
            <dt>{t('price.label')}</dt><dd><Amount value={terms.price} unit /></dd>
            <dt>{t('bond.label')}</dt><dd><Amount value={terms.bond} unit /></dd>
            <dt>{t('licence.label')}</dt><dd>{licences.find(({ id }) => id === terms.licenceId)?.title ?? terms.licenceId}</dd>
            <dt>{t('price.seller')}</dt><dd><Address address={terms.seller} name={nameOf(terms.seller)} /></dd>
          </>
        )}
        <dt>{t('review.state')}</dt><dd><DraftState state={state} /></dd>
      </dl>
      <PackingPanel draft={draft} />
      {state === 'packed' && <Button variant="ink" size="large" busy={signing.pending ? t('review.running') : false} onClick={() => signing.propose(prepare)}>{t('review.publish')}</Button>}
      {state === 'signing' && <Note tone="wait">{t('review.signing')}</Note>}
      {state === 'published' && listing !== null && <Note tone="ok">{t('review.published')} <Link to="/market/$listing" params={{ listing }}>{t('review.open')}</Link></Note>}
      {signing.error !== null && <ErrorPanel error={signing.error} />}
    </div>
  );
}
