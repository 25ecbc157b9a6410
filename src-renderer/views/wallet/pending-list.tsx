/** What this account signed and no block has yet, with the two things that can still be done about it. */
import { Ban, ChevronsUp } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PendingMovement } from '../../../src-node/api/contract/index.ts';
import { cpc, gwei, shortHash } from '../../models/format.ts';
import { usePending, type ReplacementWish } from '../../models/replacement.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { useErrorText } from '../../ui/error-text.ts';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';
import { usePendingTitle } from './pending-title.ts';
import { ReplaceSheet } from './replace-sheet.tsx';

export function PendingList({ account }: { readonly account: string }) {
  const { t } = useTranslation('wallet');
  const pending = usePending(account).data ?? [];
  const [wish, setWish] = useState<ReplacementWish | null>(null);
  const wanted = pending.find(({ activity }) => activity === wish?.activity);
  return (
    <>
      {pending.length > 0 && (
        <section className="above-4" aria-labelledby="pending-head">
          <h3 id="pending-head" className="t-label">{t('pending.title')}</h3>
          <ul className="plate ruled above-2">{pending.map((one) => <PendingRow key={one.activity} one={one} onReplace={(purpose) => setWish({ activity: one.activity, purpose })} />)}</ul>
        </section>
      )}
      {wish !== null && <ReplaceSheet key={`${wish.activity}${wish.purpose}`} wish={wish} pending={wanted} onClose={() => setWish(null)} />}
    </>
  );
}

function PendingRow({ one, onReplace }: { readonly one: PendingMovement; readonly onReplace: (purpose: ReplacementWish['purpose']) => void }) {
  const { t } = useTranslation(['wallet', 'sheet', 'shell']);
  const errorText = useErrorText();
  const title = usePendingTitle();
  return (
    <li className="pending">
      <div className="pending__what">
        <span className="two-lines">
          <span className="row"><bdi className="t-medium cut">{title(one)}</bdi><Pill tone={one.state === 'cancelling' ? 'warn' : 'wait'}>{t(`sheet:state.${one.state}`)}</Pill></span>
          <small>{t('pending.line', { fee: cpc(one.feeAtMost, { unit: true }), price: gwei(one.gasPrice) })} · <Time at={one.since} style="age" />{one.hash !== null && <> · <span className="t-mono">{shortHash(one.hash)}</span></>}</small>
        </span>
        <span className="t-medium"><Amount value={one.state === 'cancelling' ? 0n : one.amount} decimals={4} sign /></span>
      </div>
      <p className="t-small c-2">{t(`pending.state.${one.state}`)}</p>
      {one.problem !== null && <p className="t-small c-bad" role="status">{errorText(one.problem).message}</p>}
      {one.canReplace && (
        <div className="row">
          <Button size="small" icon={<ChevronsUp aria-hidden />} onClick={() => onReplace(one.state === 'cancelling' ? 'cancel' : 'speed-up')}>{t('pending.speed_up')}</Button>
          {one.state !== 'cancelling' && <Button size="small" variant="quiet" icon={<Ban aria-hidden />} onClick={() => onReplace('cancel')}>{t('cancel')}</Button>}
        </div>
      )}
    </li>
  );
}
