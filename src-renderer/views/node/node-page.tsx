/** The node as it is: head, chain, processes, log. */
import { useTranslation } from 'react-i18next';
import { useConnection } from '../../models/api-context.ts';
import { grouped } from '../../models/format.ts';
import { nodeHealth, useNode } from '../../models/node.ts';
import { Note } from '../../ui/note.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { PartLinks } from '../shell/part-links.tsx';
import { BlockTable } from './block-table.tsx';
import { ChainFacts } from './chain-facts.tsx';
import { LogPanel } from './log-panel.tsx';
import { ProcessPanel } from './process-panel.tsx';
import './node.css';

export function NodePage() {
  const { t } = useTranslation(['node', 'shell']);
  const node = useNode();
  const { status } = useConnection();
  const health = nodeHealth(node.data, status, useNow(), node.error !== null);
  const mode = node.data?.mode ?? 'stopped';
  return (
    <>
      <PageHead title={t(`head.${health}`)} lead={health === 'ok' || health === 'behind' ? t(`lead.${mode}`) : t(`lead_health.${health}`)} actions={<PartLinks of="node" at={0} />} />
      <Panel plain query={node} rows={2}>
        {(data) => (
          <>
            {data.reason !== null && <Note tone="bad">{t(`reason.${data.reason}`)}</Note>}
            <StatStrip>
              <Stat label={t('stat.head')} value={data.head === null ? null : grouped(data.head.number)} />
              <Stat label={t('stat.age')} value={data.head === null ? null : <Time at={data.head.at} style="age" />} />
              <Stat label={t('stat.term')} value={grouped(data.term)} unit={t('stat.of_term', { block: data.blockOfTerm + 1, blocks: data.termLen * data.viewLen })} />
              <Stat label={t('stat.period')} value={data.periodMillis / 1000} unit={t('stat.seconds')} />
              <Stat label={t('stat.pending')} value={grouped(data.pendingTransactions)} />
            </StatStrip>
          </>
        )}
      </Panel>
      <div className="node">
        <BlockTable />
        <aside className="node__side"><ChainFacts /><ProcessPanel /></aside>
      </div>
      <LogPanel />
    </>
  );
}
