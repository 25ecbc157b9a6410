/** The newest of all accounts. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Movement } from '../../../src-node/api/contract/index.ts';
import { useMovements, useWallet } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { Time } from '../../ui/time.tsx';
import { movementIcon, useMovementTitle } from '../wallet/movement-text.ts';

const SHOWN = 5;

export function LastMovements() {
  const { t } = useTranslation('home');
  const query = useMovements({ limit: SHOWN });
  const title = useMovementTitle();
  const faucet = useWallet().data?.faucet === true;
  const columns: readonly Column<Movement>[] = [
    {
      key: 'what', header: t('moved.what'), cell: (one) => {
        const Icon = movementIcon(one);
        return <span className="row"><Icon aria-hidden className="c-3" /><bdi className="t-medium cut">{title(one)}</bdi>{one.state === 'failed' && <span className="c-bad row gap-1"><StatusIcon tone="bad" /><span className="t-small">{t('moved.failed')}</span></span>}</span>;
      },
    },
    { key: 'when', header: t('moved.when'), width: '120px', cell: ({ at }) => <span className="c-2"><Time at={at} style="age" /></span> },
    { key: 'amount', header: 'CPC', width: '150px', align: 'right', cell: ({ amount }) => <span className="t-medium"><Amount value={amount} decimals={4} sign /></span> },
  ];
  return (
    <Panel plain title={t('moved.title')} aside={<Link to="/wallet" className="t-small">{t('moved.all')}</Link>} query={query} empty={(data) => (data.entries.length === 0 ? <Empty title={t('moved.nothing')} action={faucet ? <Link to="/wallet">{t('moved.practice_money')}</Link> : undefined}>{t('moved.nothing_text')}</Empty> : null)}>
      {(data) => <DataTable label={t('moved.title')} columns={columns} rows={data.entries} rowKey={({ id }) => id} headless height="tight" />}
    </Panel>
  );
}
