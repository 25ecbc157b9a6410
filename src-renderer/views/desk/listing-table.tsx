import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Desk } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped } from '../../models/format.ts';
import { useOrderSteps } from '../../models/orders.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

type Row = Desk['listings'][number];
const TONES = { live: 'ok', closed: 'warn', retired: 'idle' } as const;

export function ListingTable({ listings }: { readonly listings: readonly Row[] }) {
  const { t } = useTranslation('desk');
  const { listing: step } = useOrderSteps();
  const signing = useSigning();
  const busy = signing.pending ? t('running') : false;
  const columns: readonly Column<Row>[] = [
    { key: 'title', header: t('table.what'), cell: ({ id, title, totalBytes }) => <span className="two-lines"><Link to="/market/$listing" params={{ listing: id }} className="t-medium desk__listing"><bdi>{title ?? t('untitled')}</bdi></Link><small>{bytes(totalBytes)}</small></span> },
    { key: 'status', header: t('table.status'), width: '170px', cell: ({ status, openUntil }) => <span className="row"><Pill tone={TONES[status]}>{t(`status.${status}`)}</Pill>{status === 'live' && <span className="t-small c-3"><Time at={openUntil} style="left" /></span>}</span> },
    { key: 'price', header: t('table.price'), width: '100px', align: 'right', cell: ({ price }) => (price === null ? '–' : <Amount value={price} decimals={2} />) },
    { key: 'sales', header: t('table.sales'), width: '60px', align: 'right', cell: ({ sales }) => grouped(sales) },
    { key: 'earned', header: t('table.earned'), width: '116px', align: 'right', cell: ({ earned }) => <Amount value={earned} decimals={2} /> },
    { key: 'bond', header: t('table.bond'), width: '100px', align: 'right', optional: true, cell: ({ bondFree, bondReserved }) => <Amount value={bondFree + bondReserved} decimals={2} /> },
    {
      key: 'act', header: <span className="unseen">{t('table.act')}</span>, width: '190px', align: 'right', cell: ({ id, status, bondFree, bondHasLeft }) => (
        <span className="row desk__acts">
          {status === 'live' && <Button size="small" busy={busy} onClick={() => signing.propose(() => step(id, 'close'))}>{t('close')}</Button>}
          {status === 'closed' && <Button size="small" busy={busy} onClick={() => signing.propose(() => step(id, 'open'))}>{t('open')}</Button>}
          {status !== 'retired' && <Button size="small" variant="quiet" title={t('retire_text')} busy={busy} onClick={() => signing.propose(() => step(id, 'retire'))}>{t('retire')}</Button>}
          {status === 'retired' && bondFree > 0n && <Button size="small" busy={busy} onClick={() => signing.propose(() => step(id, 'unbond', bondFree))}>{t('unbond')}</Button>}
          {bondHasLeft && <Button size="small" busy={busy} onClick={() => signing.propose(() => step(id, 'take-bond'))}>{t('take_bond')}</Button>}
        </span>
      ),
    },
  ];
  return (
    <>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <DataTable label={t('listings')} columns={columns} rows={listings} rowKey={({ id }) => id} height="tall" />
    </>
  );
}
