/** A time: how long ago, at which clock, or how long until then. The exact one is in the tooltip. */
import { useTranslation } from 'react-i18next';
import { age, duration, timeLeft, type Language } from '../format/duration.ts';
import { exactMoment, moment } from '../format/moment.ts';
import { useNow } from './use-now.ts';

export interface TimeProps {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly style: 'age' | 'point' | 'left';
  /** Seconds below one hour: for the one countdown that has the focus. */
  readonly focus?: boolean;
}

export function Time({ at, style, focus = false }: TimeProps) {
  const { i18n } = useTranslation('ui');
  const now = useNow();
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const point = moment(at, { now, language });
  const text = style === 'point' ? point : style === 'age' ? (age(now - at, language) ?? point) : focus ? timeLeft(at - now, language) : duration(at - now, language);
  return <time dateTime={new Date(at).toISOString()} title={exactMoment(at, language)} className="no-wrap">{text}</time>;
}
