import { useTranslation } from 'react-i18next';
import type { GatewayLogLine } from '../../../src-node/api/contract/index.ts';
import { zoneLabel } from '../../models/format.ts';
import { useGatewayLog } from '../../models/streams-gateway.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { Time } from '../../ui/time.tsx';

type Line = GatewayLogLine & { readonly key: string };
const TONES = { info: 'idle', warn: 'warn', error: 'bad' } as const;
const SHOWN = 20;

export function GatewayLog() {
  const { t } = useTranslation('gateway');
  const columns: readonly Column<Line>[] = [
    { key: 'at', header: t('log.at', { zone: zoneLabel(Date.now()) }), width: '120px', cell: ({ at }) => <span className="c-2"><Time at={at} style="point" /></span> },
    { key: 'message', header: t('log.message'), cell: ({ level, message }) => <span className="row" title={message}><span className={`c-${level === 'info' ? '3' : TONES[level]}`}><StatusIcon tone={TONES[level]} /></span><span className="cut">{message}</span></span> },
  ];
  return (
    <Panel title={t('log.title')} query={useGatewayLog()} rows={3} empty={(lines) => (lines.length > 0 ? null : <p className="c-3">{t('log.none')}</p>)}>
      {(lines) => <DataTable label={t('log.title')} columns={columns} rows={lines.slice(-SHOWN).toReversed().map((line, i) => ({ ...line, key: `${line.at} ${i}` }))} rowKey={({ key }) => key} height="tight" />}
    </Panel>
  );
}
