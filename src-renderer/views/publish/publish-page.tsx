/** From a file to a listing: one question a step, resumable at each. */
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMarketStatus } from '../../models/market.ts';
import { useDraft } from '../../models/publish.ts';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { MarketMissing } from '../market/market-missing.tsx';
import { ChooseFile } from './choose-file.tsx';
import { Wizard } from './wizard.tsx';
import './publish.css';

export function PublishPage() {
  const { t } = useTranslation('publish');
  const { draft } = useParams({ strict: false });
  const status = useMarketStatus();
  if (status.data !== undefined && status.data.contracts !== 'ready') return <MarketMissing status={status.data} />;
  return draft === undefined ? <><PageHead title={t('title')} lead={t('lead')} /><ChooseFile /></> : <OpenDraft key={draft} id={draft} />;
}

function OpenDraft({ id }: { readonly id: string }) {
  const { t } = useTranslation('publish');
  const navigate = useNavigate();
  const query = useDraft(id);
  return <Panel plain query={query} cause={t('loading')}>{(draft) => <Wizard draft={draft} onLeave={() => void navigate({ to: '/publish' })} />}</Panel>;
}
