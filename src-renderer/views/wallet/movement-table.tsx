/** The ledger of one account. */
import { Ban, Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Movement } from '../../../src-node/api/contract/index.ts';
import { grouped, shortHash, zoneLabel } from '../../models/format.ts';
import { Amount } from '../../ui/amount.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { Time } from '../../ui/time.tsx';
import { movementIcon, useMovementTitle } from './movement-text.ts';

export function MovementTable({ movements }: { readonly movements: readonly Movement[] }) {
  const { t } = useTranslation('wallet');
  const title = useMovementTitle();
  const columns: readonly Column<Movement>[] = [
    {
      key: 'what', header: t('column.what'), cell: (one) => {
        const Icon = movementIcon(one);
        return (
          <span className="ledger__what">
            <Icon aria-hidden />
            <span className="two-lines"><span className="row"><bdi className="t-medium cut">{title(one)}</bdi>{(one.state !== 'ok' || one.replacement?.outcome === 'cancelled') && <span className="ledger__state t-small"><MovementState movement={one} /></span>}</span><small className="row gap-1">{one.replacement !== null && one.replacement.outcome !== 'cancelled' && <>{t(`replacement.${one.replacement.outcome}`)} · </>}{t('block', { block: grouped(one.block) })} · <span className="t-mono">{shortHash(one.hash)}</span></small></span>
            <span className="ledger__copy"><CopyButton text={one.hash} label={t('copy_hash')} /></span>
          </span>
        );
      },
    },
    { key: 'time', header: t('column.time', { zone: zoneLabel(Date.now()) }), width: '116px', cell: (one) => <span className="c-2"><Time at={one.at} style="point" /></span> },
    { key: 'state', header: <span className="unseen">{t('column.state')}</span>, width: '92px', optional: true, cell: (one) => <MovementState movement={one} /> },
    { key: 'fee', header: t('column.fee'), width: '80px', align: 'right', optional: true, cell: (one) => <span className="c-3">{one.fee === null ? '' : <Amount value={one.fee} decimals={4} />}</span> },
    { key: 'amount', header: 'CPC', width: '136px', align: 'right', cell: (one) => <span className="t-medium"><Amount value={one.amount} decimals={4} sign /></span> },
  ];
  return <DataTable label={t('ledger')} columns={columns} rows={movements} rowKey={(one) => one.id} />;
}

function MovementState({ movement }: { readonly movement: Movement }) {
  const { t } = useTranslation('wallet');
  if (movement.replacement?.outcome === 'cancelled') return <span className="row gap-1 c-3"><Ban aria-hidden />{t('state.cancelled')}</span>;
  if (movement.state === 'ok') return <span className="row gap-1 c-3"><Check aria-hidden />{t('state.ok')}</span>;
  return <span className="row gap-1 t-medium c-bad"><StatusIcon tone="bad" />{t('state.failed')}</span>;
}
