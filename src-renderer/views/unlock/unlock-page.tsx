/** The first thing seen after a restart: the wallet is locked, the node already works. */
import { useTranslation } from 'react-i18next';
import { useProgramRequests } from '../../models/requests.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Note } from '../../ui/note.tsx';
import { UnlockForm } from './unlock-form.tsx';
import './unlock.css';

export function UnlockPage({ onLook, onDone }: { readonly onLook: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation(['unlock', 'requests']);
  const [asked] = useProgramRequests().data ?? [];
  return (
    <main className="unlock">
      <div className="unlock__box">
        <Mark size={40} />
        <div><h1 className="t-head">{t('title')}</h1><p className="t-lead c-2">{t('lead')}</p></div>
        {asked !== undefined && <Note tone="wait">{t(`requests:strip.${asked.what.kind}`)}</Note>}
        <UnlockForm onDone={onDone} />
        <div><Button variant="quiet" className="unlock__look" onClick={onLook}>{t('look')}</Button></div>
      </div>
    </main>
  );
}
