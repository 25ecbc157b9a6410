/** Until the node answers. */
import { useTranslation } from 'react-i18next';
import { Dial } from '../../ui/dial.tsx';
import './unlock.css';

export function Waiting() {
  const { t } = useTranslation('unlock');
  return (
    <main className="unlock">
      <div className="unlock__box unlock__box--late" role="status">
        <Dial share={null} size={40} />
        <div><h1 className="t-head">{t('waiting.title')}</h1><p className="t-lead c-2">{t('waiting.text')}</p></div>
      </div>
    </main>
  );
}
