/** Bytes done of all, rate, and time left where it can be said. */
import { useTranslation } from 'react-i18next';
import { bytes, rate as rateText, timeLeft, type Language } from '../../models/format.ts';
import { Ruler } from '../../ui/ruler.tsx';

export function Progress({ done, total, rate, label }: { readonly done: number; readonly total: number; readonly rate: number | null; readonly label: string }) {
  const { t, i18n } = useTranslation('publish');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const amount = `${bytes(done)} / ${bytes(total)}`;
  return (
    <div className="publish__progress">
      <Ruler done={done} total={total} label={label} text={amount} />
      <span className="t-small c-2">{label}: {amount}{rate !== null && rate > 0 && `, ${rateText(rate)}, ${t('left', { time: timeLeft(((total - done) / rate) * 1000, language) })}`}</span>
    </div>
  );
}
