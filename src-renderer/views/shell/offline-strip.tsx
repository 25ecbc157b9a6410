/** Under the top bar while there is no connection: what still works, and what happens by itself. */
import { WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '../../models/api-context.ts';
import { Time } from '../../ui/time.tsx';

export function OfflineStrip() {
  const { t } = useTranslation('shell');
  const { status, since } = useConnection();
  if (status !== 'lost') return null;
  return (
    <div className="offline-strip" role="status">
      <WifiOff aria-hidden /><b>{t('offline.title')}</b><span className="c-2">{t('offline.text')}</span>
      <span className="c-3 offline-strip__since"><Time at={since} style="age" /></span>
    </div>
  );
}
