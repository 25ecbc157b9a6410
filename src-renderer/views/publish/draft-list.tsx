/** Sales that were begun and not signed. */
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { bytes } from '../../models/format.ts';
import { useDiscardDraft, useDrafts } from '../../models/publish.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Panel } from '../../ui/panel.tsx';
import { DraftState } from './draft-state.tsx';

export function DraftList({ onOpen }: { readonly onOpen: (draft: DraftView) => void }) {
  const { t } = useTranslation('publish');
  const drafts = useDrafts();
  const discard = useDiscardDraft();
  const unfinished = (list: readonly DraftView[]): readonly DraftView[] => list.filter(({ state }) => state !== 'published');
  return (
    <Panel title={t('drafts.title')} query={drafts} empty={(list) => (unfinished(list).length === 0 ? <p className="c-3">{t('drafts.none')}</p> : null)}>
      {(list) => (
        <>
          <ul className="publish__drafts ruled">
            {unfinished(list).map((draft) => (
              <li key={draft.id} className="row apart">
                <span className="grow"><bdi className="t-medium">{draft.description?.title ?? draft.file.name}</bdi> <span className="c-3">{bytes(draft.file.bytes)}</span></span>
                <DraftState state={draft.state} />
                <Button size="small" onClick={() => onOpen(draft)}>{t('drafts.open')}</Button>
                {/* The text of a signed listing goes out from its draft. */}
                {draft.state !== 'signing' && <Button size="small" variant="quiet" busy={discard.isPending && discard.variables === draft.id ? t('drafts.discarding') : false} onClick={() => discard.mutate(draft.id)}>{t('drafts.discard')}</Button>}
              </li>
            ))}
          </ul>
          {discard.error !== null && <ErrorPanel error={discard.error} />}
        </>
      )}
    </Panel>
  );
}
