import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { PublishedStream } from '../../../src-node/api/contract/index.ts';
import { grouped, threeFigures } from '../../models/format.ts';
import { usePublisherSteps } from '../../models/streams-desk.ts';
import { useTitle } from '../../models/title.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { PublishedPill } from './published-pill.tsx';

export function PublishedTable({ streams }: { readonly streams: readonly PublishedStream[] }) {
  const { t } = useTranslation('stream-desk');
  const navigate = useNavigate();
  const titleOf = useTitle();
  const signing = useSigning();
  const { act } = usePublisherSteps();
  const columns: readonly Column<PublishedStream>[] = [
    { key: 'title', header: t('table.stream'), cell: ({ card, unsent }) => <span className="two-lines"><Link to="/desk/streams/$stream" params={{ stream: card.id }} className="t-medium streams__name"><bdi>{titleOf(card) ?? t('untitled')}</bdi></Link>{unsent > 0 && <small>{t('table.unsent', { count: unsent, messages: grouped(unsent) })}</small>}</span> },
    { key: 'state', header: t('table.state'), width: '128px', cell: ({ state }) => <PublishedPill state={state} /> },
    { key: 'readers', header: t('table.readers'), width: '70px', align: 'right', cell: ({ subscribers }) => grouped(subscribers) },
    { key: 'rate', header: t('table.rate'), width: '92px', align: 'right', optional: true, cell: ({ ratePerSecond }) => (ratePerSecond === null ? '–' : threeFigures(ratePerSecond)) },
    { key: 'ready', header: t('table.redeemable'), width: '96px', align: 'right', cell: ({ redeemable }) => <Amount value={redeemable} decimals={2} /> },
    { key: 'act', header: <span className="unseen">{t('table.act')}</span>, width: '92px', align: 'right', cell: ({ card, redeemable }) => <Button size="small" busy={signing.pending ? t('running') : false} disabledReason={redeemable > 0n ? undefined : t('money.nothing')} onClick={(event) => { event.stopPropagation(); signing.propose(() => act(card.id, 'redeem')); }}>{t('money.redeem')}</Button> },
  ];
  return (
    <>
      <DataTable label={t('streams')} columns={columns} rows={streams} rowKey={({ card }) => card.id} onOpen={({ card }) => void navigate({ to: '/desk/streams/$stream', params: { stream: card.id } })} />
      {signing.error !== null && <ErrorPanel error={signing.error} />}
    </>
  );
}
