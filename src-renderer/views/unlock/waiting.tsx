/** Until the node answers: the mark at once, words where it takes long. */
import { useTranslation } from 'react-i18next';
import { Mark } from '../../ui/mark.tsx';
import './unlock.css';

export function Waiting() {
  const { t } = useTranslation('unlock');
  return (
    <main className="start">
      <Mark size={40} />
      <div className="start__words" role="status"><h1 className="t-head">{t('waiting.title')}</h1><p className="t-lead c-2">{t('waiting.text')}</p></div>
    </main>
  );
}
