/** Who reads, until when he has paid, and the way to end it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PublishedStreamView, SubscriberView } from '../../../src-node/api/contract/index.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';

const TONES = { reading: 'ok', away: 'idle', unpaid: 'warn', revoked: 'bad', closing: 'idle' } as const;

export function ReadersTab({ stream: { card, subscriberList } }: { readonly stream: PublishedStreamView }) {
  const { t } = useTranslation('stream-desk');
  const nameOf = useAccountName();
  const [asked, setAsked] = useState<SubscriberView | null>(null);
  const [open, setOpen] = useState(false);
  const columns: readonly Column<SubscriberView>[] = [
    { key: 'payer', header: t('reader.who'), cell: ({ payer }) => <Address address={payer} name={nameOf(payer)} copy /> },
    { key: 'state', header: t('reader.state'), width: '132px', cell: ({ state }) => <Pill tone={TONES[state]}>{t(`reader.states.${state}`)}</Pill> },
    { key: 'paid', header: t('reader.paid'), width: '118px', cell: ({ paidUntil }) => (paidUntil === null ? <span className="c-3">{t('reader.by_message')}</span> : <Time at={paidUntil} style="point" />) },
    { key: 'signed', header: t('reader.signed'), width: '104px', align: 'right', cell: ({ signed }) => <Amount value={signed} decimals={2} /> },
    { key: 'owed', header: t('reader.owed'), width: '112px', align: 'right', cell: ({ owed }) => <Amount value={owed} decimals={2} /> },
    { key: 'since', header: t('reader.since'), width: '112px', optional: true, cell: ({ since }) => <span className="c-2"><Time at={since} style="point" /></span> },
    { key: 'act', header: <span className="unseen">{t('table.act')}</span>, width: '150px', align: 'right', cell: (row) => (row.state === 'revoked' ? <span className="t-small c-2">{t('reader.ends')} <Time at={row.keysUntil} style="left" /></span> : <Button size="small" variant="danger" onClick={() => { setAsked(row); setOpen(true); }}>{t('revoke.act')}</Button>) },
  ];
  if (subscriberList.length === 0) return <Empty title={t('reader.none')}>{t('reader.none_text')}</Empty>;
  return (
    <>
      <DataTable label={t('tab.readers')} columns={columns} rows={subscriberList} rowKey={({ channel }) => channel} />
      {asked !== null && <RevokeDialog stream={card.id} reader={asked} open={open} onClose={() => setOpen(false)} />}
    </>
  );
}
