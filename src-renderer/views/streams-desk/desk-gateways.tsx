/** Where the messages go, and how far each gateway has acknowledged them. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PublishedStreamView } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { useErrorText } from '../../ui/error-text.ts';
import { Note } from '../../ui/note.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Tag } from '../../ui/tag.tsx';
import { GatewaysSheet } from './gateways-sheet.tsx';

type Row = PublishedStreamView['gatewayList'][number];

export function DeskGateways({ stream: { card, state, gatewayList } }: { readonly stream: PublishedStreamView }) {
  const { t } = useTranslation('stream-desk');
  const errorText = useErrorText();
  const [open, setOpen] = useState(false);
  const isOff = state === 'off' || state === 'registering' || state === 'ended';
  const columns: readonly Column<Row>[] = [
    { key: 'name', header: t('gateway.name'), cell: ({ name, mine }) => <span className="row"><bdi className="t-mono">{name}</bdi>{mine && <Tag>{t('gateway.mine')}</Tag>}</span> },
    { key: 'state', header: t('gateway.state'), width: '150px', cell: ({ connected, problem }) => <span title={problem === null ? undefined : errorText(problem).message}><Pill tone={connected ? 'ok' : isOff ? 'idle' : 'bad'}>{t(connected ? 'gateway.connected' : 'gateway.apart')}</Pill></span> },
    { key: 'trip', header: t('gateway.trip'), width: '110px', align: 'right', cell: ({ roundTripMillis }) => roundTripMillis ?? '–' },
    { key: 'seq', header: t('gateway.acknowledged'), width: '170px', align: 'right', cell: ({ acknowledgedSeq }) => (acknowledgedSeq === null ? '–' : grouped(acknowledgedSeq)) },
  ];
  return (
    <>
      <div className="row apart wrap"><p className="c-2">{t('gateway.text')}</p><Button disabledReason={state === 'ended' ? t('cannot.ended') : undefined} onClick={() => setOpen(true)}>{t('gateway.change')}</Button></div>
      {gatewayList.length < 2 && <div className="above-3"><Note tone="warn">{t('gateway.one')}</Note></div>}
      <DataTable label={t('tab.gateways')} columns={columns} rows={gatewayList} rowKey={({ id }) => id} />
      <GatewaysSheet stream={card.id} current={gatewayList.map(({ id }) => id)} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
