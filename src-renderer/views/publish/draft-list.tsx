/** Sales that were begun and not signed. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { bytes } from '../../models/format.ts';
import { useDiscardDraft, useDrafts } from '../../models/publish.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { DraftState } from './draft-state.tsx';

export function DraftList({ onOpen }: { readonly onOpen: (draft: DraftView) => void }) {
  const { t } = useTranslation('publish');
  const drafts = useDrafts();
  const discard = useDiscardDraft();
  const [asked, setAsked] = useState<DraftView | null>(null);
  const nameOf = (draft: DraftView): string => draft.description?.title ?? draft.file.name;
  const unfinished = (list: readonly DraftView[]): readonly DraftView[] => list.filter(({ state }) => state !== 'published');
  const ask = (draft: DraftView | null): void => {
    discard.reset();
    setAsked(draft);
  };
  return (
    <Panel title={t('drafts.title')} query={drafts} rows={1} cause={t('drafts.loading')} empty={(list) => (unfinished(list).length === 0 ? <p className="c-3">{t('drafts.none')}</p> : null)}>
      {(list) => (
        <>
          <ul className="publish__drafts ruled">
            {unfinished(list).map((draft) => (
              <li key={draft.id} className="row apart">
                <span className="grow two-lines"><bdi className="t-medium">{nameOf(draft)}</bdi><small><bdi>{draft.file.name}</bdi> · {bytes(draft.file.bytes)} · <Time at={draft.updatedAt} style="age" /></small></span>
                <DraftState state={draft.state} />
                <Button size="small" aria-label={t('drafts.open_named', { name: nameOf(draft) })} onClick={() => onOpen(draft)}>{t('drafts.open')}</Button>
                <Button size="small" variant="quiet" aria-label={t('drafts.discard_named', { name: nameOf(draft) })} disabledReason={draft.state === 'signing' ? t('drafts.signed') : undefined} onClick={() => ask(draft)}>{t('drafts.discard')}</Button>
              </li>
            ))}
          </ul>
          {asked !== null && (
            <DiscardDialog
              title={t('discard.draft', { name: nameOf(asked) })} text={t(asked.state === 'draft' ? 'discard.draft_text' : 'discard.packed_text')} confirm={t('discard.draft_confirm')}
              pending={discard.isPending} error={discard.error} onClose={() => ask(null)} onConfirm={() => discard.mutate(asked.id, { onSuccess: () => ask(null) })}
            />
          )}
        </>
      )}
    </Panel>
  );
}
