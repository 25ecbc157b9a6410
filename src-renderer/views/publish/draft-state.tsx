import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { Pill } from '../../ui/pill.tsx';

export function DraftState({ state }: { readonly state: DraftView['state'] }) {
  const { t } = useTranslation('publish');
  return <Pill tone={state === 'failed' ? 'bad' : state === 'packed' || state === 'published' ? 'ok' : 'wait'}>{t(`state.${state}`)}</Pill>;
}
