import { useTranslation } from 'react-i18next';
import type { PublishedStream } from '../../../src-node/api/contract/index.ts';
import { Pill } from '../../ui/pill.tsx';

const TONES = { publishing: 'ok', silent: 'warn', off: 'idle', locked: 'warn', registering: 'wait', failed: 'bad', ended: 'idle' } as const;

export function PublishedPill({ state }: Pick<PublishedStream, 'state'>) {
  const { t } = useTranslation('stream-desk');
  return <Pill tone={TONES[state]}>{t(`state.${state}`)}</Pill>;
}
