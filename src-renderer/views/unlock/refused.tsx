/** The node runs, but this browser has no session with it. */
import { useTranslation } from 'react-i18next';
import { Mark } from '../../ui/mark.tsx';
import './unlock.css';

export function Refused() {
  const { t } = useTranslation('unlock');
  return (
    <main className="unlock">
      <div className="unlock__box">
        <Mark size={40} />
        <div><h1 className="t-head">{t('refused.title')}</h1><p className="t-lead c-2">{t('refused.text')}</p></div>
        <p className="c-3">{t('refused.why')}</p>
      </div>
    </main>
  );
}
