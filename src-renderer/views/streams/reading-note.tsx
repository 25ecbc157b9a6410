/** Why a reading does not move, what that means for the money, and what happens by itself. */
import { useTranslation } from 'react-i18next';
import type { SubscriptionView } from '../../../src-node/api/contract/index.ts';
import { duration, moment, type Language } from '../../models/format.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';

const TONES = { connecting: 'wait', paused: 'info', 'waiting-key': 'wait', pay: 'wait', cap: 'warn', silent: 'warn', ended: 'info', failed: 'bad' } as const;

export function ReadingNote({ subscription: { state, reading, spend, closesAt }, error }: { readonly subscription: SubscriptionView; readonly error: unknown }) {
  const { t, i18n } = useTranslation('streams');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  if (error !== null) return <ErrorPanel error={error} />;
  if (state === 'closing' && closesAt !== null) return <Note>{t('note.closing', { time: moment(closesAt, { now: reading.at, language }) })}</Note>;
  if (reading.problem !== null) return <ErrorPanel error={reading.problem} />;
  if (reading.state === 'live') return null;
  const values = { day: moment(spend.dayEndsAt, { now: reading.at, language }), silent: reading.lastAt === null ? '–' : duration(reading.at - reading.lastAt, language) };
  return <Note tone={TONES[reading.state]}><b>{t(`note.${reading.state}.title`, values)}</b> {t(`note.${reading.state}.text`, values)}</Note>;
}
