/** The sentence of a note: its values are put into the reader's words. */
import { useTranslation } from 'react-i18next';
import { cpc, duration, moment, type Language } from '../../models/format.ts';

export interface NoteWords {
  readonly key: string;
  /** Amounts are bigint; `millis` is a span and `until` a point in time. */
  readonly values: Readonly<Record<string, string | number | bigint>>;
}

export function useNoteText(): (note: NoteWords) => string {
  const { t, i18n } = useTranslation('sheet');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  return ({ key, values }) => {
    const words = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, worded(name, value, language)]));
    return t(`worst.${key}`, { ...words, defaultValue: key });
  };
}

function worded(name: string, value: string | number | bigint, language: Language): string | number {
  if (typeof value === 'bigint') return cpc(value, { unit: true });
  if (typeof value === 'number' && name === 'millis') return duration(value, language);
  if (typeof value === 'number' && name === 'until') return moment(value, { now: Date.now(), language });
  return value;
}
