/** A button for each thing that can be done now, with what it does. */
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { useOrderSteps, useRetryOrder, type OrderAction } from '../../models/orders.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { Withdrawal } from './withdrawal.tsx';

/** What moves the order on is ink, what ends it is plain. */
const FORWARD: ReadonlySet<string> = new Set(['confirm', 'post-key', 'claim', 'expire', 'finalize-cancel']);

export function OrderActions({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation('orders');
  const { act } = useOrderSteps();
  const signing = useSigning();
  const retry = useRetryOrder();
  const { role, can, proof, turn } = order;
  const signed = can.filter((action): action is OrderAction => action !== 'retry' && action !== 'withdraw' && action !== 'prove');
  const first = signed.find((action) => FORWARD.has(action));
  return (
    <div className="order__actions">
      {proof !== null && order.deadline !== null && <Note><b>{t('proof.nothing')}</b> {t('proof.nothing_text')}</Note>}
      {signed.map((action) => (
        <div key={action}>
          <Button variant={action === first ? 'ink' : 'plain'} block busy={signing.pending ? t('running') : false} onClick={() => signing.propose(() => act(order.id, action))}>{t(`action.${action}`)}</Button>
          <p className="t-small c-2">{t(action === 'cancel' ? `action_note.cancel_${order.state === 'funded' ? 'at_once' : 'later'}` : action === 'expire' ? `action_note.expire_${role}` : `action_note.${action}`)}</p>
        </div>
      ))}
      {can.includes('retry') && <Button block busy={retry.isPending ? t('running') : false} onClick={() => retry.mutate(order.id)}>{t('action.retry')}</Button>}
      {turn === 'nobody' && <Withdrawal account={role === 'buyer' ? order.buyer : order.seller} />}
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      {retry.error !== null && <ErrorPanel error={retry.error} />}
    </div>
  );
}
