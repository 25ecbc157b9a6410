/** The accounts that answer buyers while the wallet is locked: what they hold for fees, and what the seller can do with them. */
import { useTranslation } from 'react-i18next';
import type { Desk } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { useOrderSteps } from '../../models/orders.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Pill } from '../../ui/pill.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

type Row = Desk['deliveryAccounts'][number];
const TONES = { on: 'ok', locked: 'warn', unused: 'idle' } as const;
/** From here on the desk says that the money will not last. */
const FEW_ANSWERS = 20;

export function DeliveryPanel({ desk }: { readonly desk: Desk }) {
  const { t } = useTranslation('desk');
  const nameOf = useAccountName();
  const signing = useSigning();
  const { delivery } = useOrderSteps();
  const busy = signing.pending ? t('running') : false;
  const columns: readonly Column<Row>[] = [
    { key: 'address', header: t('delivery.account'), cell: ({ address }) => <Address address={address} copy /> },
    { key: 'seller', header: t('delivery.seller'), width: '130px', optional: true, cell: ({ seller }) => <bdi>{nameOf(seller) ?? ''}</bdi> },
    { key: 'state', header: t('delivery.state_head'), width: '150px', cell: ({ state }) => <Pill tone={TONES[state]}>{t(`delivery.state.${state}`)}</Pill> },
    { key: 'balance', header: t('delivery.balance'), width: '110px', align: 'right', cell: ({ balance }) => <Amount value={balance} decimals={4} /> },
    { key: 'answers', header: t('delivery.answers'), width: '110px', align: 'right', cell: ({ state, answersLeft }) => (state === 'unused' ? '–' : grouped(answersLeft)) },
    {
      key: 'act', header: <span className="unseen">{t('table.act')}</span>, width: '220px', align: 'right', cell: (row) => (
        <span className="row desk__acts">
          {row.state !== 'unused' && row.answersLeft < FEW_ANSWERS && <Button size="small" busy={busy} onClick={() => signing.propose(() => delivery(row.seller, 'top-up'))}>{t('delivery.top_up')}</Button>}
          {row.state !== 'unused' && <Button size="small" variant="quiet" busy={busy} onClick={() => signing.propose(() => delivery(row.seller, 'replace'))}>{t('delivery.replace')}</Button>}
          {row.answersLeft > 0 && <Button size="small" variant="quiet" busy={busy} onClick={() => signing.propose(() => delivery(row.seller, 'take-back', row.address))}>{t('delivery.take_back')}</Button>}
        </span>
      ),
    },
  ];
  return (
    <section className="panel" aria-labelledby="delivery-head">
      <header className="panel__head"><h2 id="delivery-head" className="t-h">{t('delivery.title')}</h2></header>
      <p className="c-2">{t('delivery.text')}</p>
      {desk.withoutDelivery.map((seller) => (
        <Note key={seller} tone="warn">
          <span className="row apart">{t('delivery.missing', { seller: nameOf(seller) ?? '' })}<Button size="small" busy={busy} onClick={() => signing.propose(() => delivery(seller, 'set'))}>{t('delivery.set')}</Button></span>
        </Note>
      ))}
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      {desk.deliveryAccounts.length > 0 && <DataTable label={t('delivery.title')} columns={columns} rows={desk.deliveryAccounts} rowKey={({ address }) => address} />}
    </section>
  );
}
