/** Prove and refund: what was found, what the proof makes public, what comes back. */
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { cpc, grouped } from '../../models/format.ts';
import { useOrderSteps } from '../../models/orders.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

export function ProofPanel({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation('orders');
  const { act } = useOrderSteps();
  const signing = useSigning();
  const { proof } = order;
  if (proof === null) return null;
  return (
    <section className="order__proof plate" aria-labelledby="proof">
      <h2 id="proof" className="t-title">{t('proof.title')}</h2>
      <p>{t(`proof.${proof.kind}`, { chunk: grouped(proof.chunk ?? 0), unit: grouped(proof.unit ?? 0) })}</p>
      <p className="c-2">{t(proof.makesKeyPublic ? 'proof.public_key' : 'proof.public_little')}</p>
      {order.can.includes('prove') && <Button variant="ink" size="large" busy={signing.pending ? t('running') : false} onClick={() => signing.propose(() => act(order.id, 'prove'))}>{t('proof.act', { amount: cpc(proof.refund, { unit: true }) })}</Button>}
      {order.state === 'fraud' && <p className="t-medium c-ok">{t('proof.done', { amount: cpc(proof.refund, { unit: true }) })}</p>}
      {signing.error !== null && <ErrorPanel error={signing.error} />}
    </section>
  );
}
