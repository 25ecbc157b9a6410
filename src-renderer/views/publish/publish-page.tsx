/** From a file to a listing: one question a step, resumable at each. */
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMarketStatus } from '../../models/market.ts';
import { useDraft } from '../../models/publish.ts';
import { Panel } from '../../ui/panel.tsx';
import { MarketMissing } from '../market/market-missing.tsx';
import { ChooseFile } from './choose-file.tsx';
import { Wizard } from './wizard.tsx';
import { WizardFrame } from './wizard-frame.tsx';
import { WIZARD_STEPS } from './wizard-steps.ts';
import './publish.css';

export function PublishPage() {
  const { draft } = useParams({ strict: false });
  const status = useMarketStatus();
  if (status.data !== undefined && status.data.contracts !== 'ready') return <MarketMissing status={status.data} />;
  return draft === undefined ? <NewSale /> : <OpenDraft key={draft} id={draft} />;
}

function NewSale() {
  const { t } = useTranslation('publish');
  const steps = WIZARD_STEPS.map((id, i) => ({ id, title: t(`step.${id}`), text: t(`step_text.${id}`), state: i === 0 ? 'now' : 'next', open: false } as const));
  return <WizardFrame steps={steps} onOpen={() => undefined} question={t('question.file')} lead={t('lead_of.file')} aside={<p>{t('lead')}</p>}><ChooseFile /></WizardFrame>;
}

function OpenDraft({ id }: { readonly id: string }) {
  const { t } = useTranslation('publish');
  const navigate = useNavigate();
  const query = useDraft(id);
  return <Panel plain query={query} cause={t('loading')}>{(draft) => <Wizard draft={draft} onLeave={() => void navigate({ to: '/publish' })} />}</Panel>;
}
