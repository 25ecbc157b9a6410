/** Where a stream can be read, as each answered just now. They see ciphertext only. */
import { useTranslation } from 'react-i18next';
import type { StreamGatewayView } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { Amount } from '../../ui/amount.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { useErrorText } from '../../ui/error-text.ts';
import { Pill } from '../../ui/pill.tsx';

const TONES = { unasked: 'idle', ready: 'ok', behind: 'warn', unreachable: 'bad', other: 'bad', paused: 'idle', leaving: 'warn' } as const;

export function GatewayTable({ gateways }: { readonly gateways: readonly StreamGatewayView[] }) {
  const { t } = useTranslation('streams');
  const errorText = useErrorText();
  const columns: readonly Column<StreamGatewayView>[] = [
    { key: 'name', header: t('gateway.name'), cell: ({ name, endpoints }) => <bdi className="t-mono" title={endpoints.join(' ')}>{name}</bdi> },
    { key: 'state', header: t('gateway.state'), width: '130px', cell: ({ state, problem }) => <span title={problem === null ? undefined : errorText(problem).message}><Pill tone={TONES[state]}>{t(`gateway.states.${state}`)}</Pill></span> },
    { key: 'trip', header: t('gateway.trip'), width: '84px', align: 'right', cell: ({ roundTripMillis }) => roundTripMillis ?? '–' },
    { key: 'head', header: t('gateway.head'), width: '110px', align: 'right', cell: ({ headSeq }) => (headSeq === null ? '–' : grouped(headSeq)) },
    { key: 'bond', header: t('gateway.bond'), width: '96px', align: 'right', optional: true, cell: ({ bond }) => <Amount value={bond} decimals={0} /> },
  ];
  return (
    <>
      <p className="c-2">{t('gateway.text')}</p>
      <DataTable label={t('stream.tab.gateways')} columns={columns} rows={gateways} rowKey={({ id }) => id} height="tight" />
    </>
  );
}
