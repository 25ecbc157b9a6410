/** How a subscription is being read, in a shape and a word. */
import { useTranslation } from 'react-i18next';
import type { SubscriptionView } from '../../../src-node/api/contract/index.ts';
import { Pill } from '../../ui/pill.tsx';

const TONES = { connecting: 'wait', live: 'ok', paused: 'idle', 'waiting-key': 'wait', pay: 'wait', cap: 'warn', silent: 'warn', ended: 'idle', failed: 'bad' } as const;

export function ReadingPill({ subscription: { state, reading } }: { readonly subscription: Pick<SubscriptionView, 'state' | 'reading'> }) {
  const { t } = useTranslation('streams');
  if (state !== 'open') return <Pill tone={state === 'opening' ? 'wait' : 'idle'}>{t(`channel.${state}`)}</Pill>;
  return <Pill tone={TONES[reading.state]}>{t(`reading.${reading.state}`)}</Pill>;
}
