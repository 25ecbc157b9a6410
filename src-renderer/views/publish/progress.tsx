/** Bytes done of all, rate, and time left where it can be said. */
import { useTranslation } from 'react-i18next';
import { bytes, rate as rateText, timeLeft, type Language } from '../../models/format.ts';

export function Progress({ done, total, rate, label }: { readonly done: number; readonly total: number; readonly rate: number | null; readonly label: string }) {
  const { t, i18n } = useTranslation('publish');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  return (
    <div className="publish__progress">
      <progress value={done} max={total} aria-label={label} />
      <span className="t-small c-2">{label}: {bytes(done)} / {bytes(total)}{rate !== null && rate > 0 && `, ${rateText(rate)}, ${t('left', { time: timeLeft(((total - done) / rate) * 1000, language) })}`}</span>
    </div>
  );
}
