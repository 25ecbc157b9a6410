import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { useOrderSteps, useRetryOrder, type OrderAction } from '../../models/orders.ts';
import { useWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

/** What moves the order on is ink, what ends it is plain. */
const FORWARD: ReadonlySet<string> = new Set(['confirm', 'prove', 'post-key', 'claim']);

export function OrderActions({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation('orders');
  const { act, withdraw } = useOrderSteps();
  const accounts = useWallet().data?.accounts ?? [];
  const signing = useSigning();
  const retry = useRetryOrder();
  const signed = order.can.filter((action): action is OrderAction => action !== 'retry' && action !== 'withdraw' && action !== 'prove');
  // What came back lies at the market until it is taken; somebody who only buys has no desk to take it from.
  const owed = order.turn === 'nobody' && order.role === 'buyer' && accounts.some(({ address, withdrawable }) => address === order.buyer && withdrawable > 0n);
  return (
    <div className="order__actions">
      {signed.map((action) => (
        <div key={action}>
          <Button variant={FORWARD.has(action) ? 'ink' : 'plain'} block busy={signing.pending ? t('running') : false} onClick={() => signing.propose(() => act(order.id, action))}>{t(`action.${action}`)}</Button>
          <p className="t-small c-2">{t(`action_note.${action}`)}</p>
        </div>
      ))}
      {owed && (
        <div>
          <Button variant="ink" block busy={signing.pending ? t('running') : false} onClick={() => signing.propose(() => withdraw(order.buyer))}>{t('action.withdraw')}</Button>
          <p className="t-small c-2">{t('action_note.withdraw')}</p>
        </div>
      )}
      {order.can.includes('retry') && <Button block busy={retry.isPending ? t('running') : false} onClick={() => retry.mutate(order.id)}>{t('action.retry')}</Button>}
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      {retry.error !== null && <ErrorPanel error={retry.error} />}
    </div>
  );
}
