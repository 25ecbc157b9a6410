import { useTranslation } from 'react-i18next';
import type { GatewayClientView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, shortHash } from '../../models/format.ts';
import { Address } from '../../ui/address.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';

const TONES = { ok: 'ok', slow: 'warn', unpaid: 'warn', quota: 'wait' } as const;

export function ClientTable({ clients }: { readonly clients: readonly GatewayClientView[] }) {
  const { t } = useTranslation('gateway');
  const columns: readonly Column<GatewayClientView>[] = [
    { key: 'key', header: t('client.key'), width: '150px', cell: ({ clientKey, remote }) => <span title={remote}><Address address={clientKey} icon={false} /></span> },
    { key: 'stream', header: t('client.stream'), cell: ({ action, stream, title }) => <span className="two-lines"><bdi>{title ?? shortHash(stream)}</bdi><small>{t(`client.action.${action}`)}</small></span> },
    { key: 'state', header: t('client.state'), width: '116px', cell: ({ state }) => <Pill tone={TONES[state]}>{t(`client.states.${state}`)}</Pill> },
    { key: 'lag', header: t('client.lag'), width: '76px', align: 'right', cell: ({ lagRecords }) => (lagRecords === null ? '–' : grouped(lagRecords)) },
    { key: 'bytes', header: t('client.bytes'), width: '84px', align: 'right', optional: true, cell: ({ bytes: size }) => bytes(size) },
    { key: 'ends', header: t('client.ends'), width: '96px', align: 'right', cell: ({ ticketEndsAt }) => <Time at={ticketEndsAt} style="left" /> },
  ];
  return <DataTable label={t('client.title')} columns={columns} rows={clients} rowKey={({ id }) => id} />;
}
