import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { useDraftSteps } from '../../models/publish.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Pill } from '../../ui/pill.tsx';

export function StorageStep({ draft, onNext }: { readonly draft: DraftView; readonly onNext: () => void }) {
  const { t } = useTranslation('publish');
  const { places } = useDraftSteps(draft.id);
  const [chosen, setChosen] = useState<readonly ('folder' | 'ipfs')[]>(draft.places.filter((place) => place.chosen).map(({ id }) => id));
  const toggle = (id: 'folder' | 'ipfs', on: boolean): void => setChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <div className="publish__form">
      {draft.places.map(({ id, tested, problem }) => (
        <div key={id} className="row apart publish__place">
          <Checkbox checked={chosen.includes(id)} onChange={(on) => toggle(id, on)} help={t(`place.${id}_help`)}>{t(`place.${id}`)}</Checkbox>
          <Pill tone={tested ? 'ok' : 'bad'}>{tested ? t('place.tested') : (problem ?? t('place.failed'))}</Pill>
        </div>
      ))}
      <Note>{t('place.note')}</Note>
      {places.error !== null && <ErrorPanel error={places.error} />}
      <div><Button variant="ink" busy={places.isPending ? t('saving') : false} disabledReason={chosen.length === 0 ? t('place.none') : undefined} onClick={() => places.mutate([...chosen], { onSuccess: onNext })}>{t('next.price')}</Button></div>
    </div>
  );
}
