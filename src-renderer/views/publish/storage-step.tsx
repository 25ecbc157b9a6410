import { HardDrive, Network } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { useMarketStatus } from '../../models/market.ts';
import { useDraftSteps } from '../../models/publish.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useErrorText } from '../../ui/error-text.ts';
import { Note } from '../../ui/note.tsx';
import { Pill } from '../../ui/pill.tsx';
import { WizardFoot } from './wizard-foot.tsx';
import { hasTooFewPlaces } from './wizard-steps.ts';

const ICONS = { folder: HardDrive, ipfs: Network } as const;

export function StorageStep({ draft, onBack, onNext }: { readonly draft: DraftView; readonly onBack: () => void; readonly onNext: () => void }) {
  const { t } = useTranslation('publish');
  const { places } = useDraftSteps(draft.id);
  const market = useMarketStatus().data;
  const [chosen, setChosen] = useState<readonly ('folder' | 'ipfs')[]>(draft.places.filter((place) => place.chosen).map(({ id }) => id));
  const [agreed, setAgreed] = useState(draft.onlyThisComputer);
  const errorText = useErrorText();
  const toggle = (id: 'folder' | 'ipfs', on: boolean): void => setChosen(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  const tooFew = hasTooFewPlaces(chosen, draft, market);
  const untested = draft.places.find(({ id, tested }) => chosen.includes(id) && !tested);
  const reason = chosen.length === 0 ? t('place.none') : untested !== undefined ? t('place.untested', { place: t(`place.${untested.id}`) }) : tooFew && !agreed ? t('place.agree_missing') : undefined;
  return (
    <>
      <div className="publish__form">
        <ul className="plate ruled publish__places">
          {draft.places.map(({ id, tested, outside, problem }) => {
            const Icon = ICONS[id];
            return (
              <li key={id} className="row apart">
                <Icon aria-hidden className="c-2" />
                <div className="grow"><Checkbox checked={chosen.includes(id)} onChange={(on) => toggle(id, on)} help={t(`place.${id}_help`)}>{t(`place.${id}`)}</Checkbox></div>
                {!outside && market !== undefined && market.wantedPlaces > 0 && <Pill tone="warn">{t('place.not_counted')}</Pill>}
                <Pill tone={tested ? 'ok' : 'bad'}>{tested ? t('place.tested') : problem === null ? t('place.failed') : errorText(problem).message}</Pill>
              </li>
            );
          })}
        </ul>
        {tooFew && market !== undefined ? (
          <Note tone="warn">
            <b>{t('place.few', { count: market.wantedPlaces })}</b> {t('place.few_text')}
            <div className="above-2"><Checkbox checked={agreed} onChange={setAgreed}>{t('place.agree')}</Checkbox></div>
          </Note>
        ) : <Note>{t('place.practice')}</Note>}
        <Note>{t('place.sealed')}</Note>
        {places.error !== null && <ErrorPanel error={places.error} />}
      </div>
      <WizardFoot hint={t('hint.storage')} onBack={onBack}>
        <Button variant="ink" size="large" busy={places.isPending ? t('saving') : false} disabledReason={reason} onClick={() => places.mutate({ places: chosen, onlyThisComputer: tooFew && agreed }, { onSuccess: onNext })}>{t('next.price')}</Button>
      </WizardFoot>
    </>
  );
}
