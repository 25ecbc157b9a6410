/** Buyers that wait for a key, with their clocks. */
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Desk } from '../../../src-node/api/contract/index.ts';
import { Note } from '../../ui/note.tsx';
import { OrderTable } from '../orders/order-table.tsx';

export function WaitingKeys({ desk: { waiting, delivering } }: { readonly desk: Desk }) {
  const { t } = useTranslation('desk');
  return (
    <section className="desk__waiting" aria-labelledby="waiting">
      <header className="row apart wrap"><h2 id="waiting" className="t-h">{t('waiting')}</h2>{delivering.on && <span className="t-small c-2 row"><KeyRound aria-hidden />{t('delivering.on')}</span>}</header>
      {!delivering.on && <Note tone="warn">{t(`delivering.${delivering.reason ?? 'on'}`)}</Note>}
      {waiting.length === 0 ? <p className="c-3">{t('none_waiting')}</p> : <OrderTable label={t('waiting')} orders={waiting} narrow />}
    </section>
  );
}
