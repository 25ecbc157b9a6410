/** The gateway of this program: it keeps and passes on what it cannot read. */
import { Power } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { GatewayView } from '../../../src-node/api/contract/index.ts';
import { cpc, grouped, rate } from '../../models/format.ts';
import { useGateway, useGatewayActs } from '../../models/streams-gateway.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { PartLinks } from '../shell/part-links.tsx';
import { ClientTable } from './client-table.tsx';
import { EnginePanel } from './engine-panel.tsx';
import { GatewayLog } from './gateway-log.tsx';
import { QuotaPanel } from './quota-panel.tsx';
import { RegistrationPanel } from './registration-panel.tsx';
import { TopicTable } from './topic-table.tsx';
import '../node/node.css';
import '../streams-desk/streams-desk.css';
import './gateway.css';

const TONES = { off: 'idle', starting: 'wait', running: 'ok', failed: 'bad' } as const;

export function GatewayPage() {
  const { t } = useTranslation('gateway');
  const query = useGateway();
  return (
    <>
      {query.data === undefined && <PageHead title={t('title')} lead={t('lead')} actions={<PartLinks of="node" at={1} />} />}
      <Panel plain query={query} rows={8} cause={t('loading')}>{(gateway) => <Gateway gateway={gateway} />}</Panel>
    </>
  );
}

function Gateway({ gateway }: { readonly gateway: GatewayView }) {
  const { t } = useTranslation('gateway');
  const { running } = useGatewayActs();
  const { state, problem, listens, facts, topics, clients } = gateway;
  const on = state !== 'off';
  return (
    <>
      <PageHead
        title={<span className="row wrap">{t('title')}<Pill tone={TONES[state]}>{t(`state.${state}`)}</Pill></span>}
        lead={listens === null ? t('lead') : t('listens', { address: listens })}
        actions={<><PartLinks of="node" at={1} /><Button variant={on ? 'plain' : 'ink'} icon={<Power aria-hidden />} busy={running.isPending ? t('running') : false} onClick={() => running.mutate(!on)}>{t(on ? 'stop' : 'start')}</Button></>}
      />
      {problem !== null && <ErrorPanel error={problem} />}
      {running.error !== null && <ErrorPanel error={running.error} />}
      <StatStrip>
        <Stat label={t('fact.sockets')} value={grouped(facts.sockets)} />
        <Stat label={t('fact.in')} value={rate(facts.inBytesPerSecond)} />
        <Stat label={t('fact.out')} value={rate(facts.outBytesPerSecond)} />
        <Stat label={t('fact.lag')} value={facts.lagMillis} unit={t('fact.millis')} />
        <Stat label={t('fact.owed')} value={cpc(facts.owed, { decimals: 4 })} unit="CPC" />
      </StatStrip>
      <div className="node gateway">
        <div className="gateway__main">
          <Panel plain title={t('topic.title')} query={{ data: topics, error: null, refetch: () => undefined }} empty={(all) => (all.length > 0 ? null : <p className="c-3">{t('topic.none')}</p>)}>{(all) => <TopicTable topics={all} />}</Panel>
          <Panel title={t('client.title')} query={{ data: clients, error: null, refetch: () => undefined }} empty={(all) => (all.length > 0 ? null : <p className="c-3">{t('client.none')}</p>)}>{(all) => <ClientTable clients={all} />}</Panel>
          <GatewayLog />
        </div>
        <aside className="node__side gateway__side"><EnginePanel gateway={gateway} /><RegistrationPanel gateway={gateway} /><QuotaPanel key={JSON.stringify(gateway.quotas)} gateway={gateway} /></aside>
      </div>
    </>
  );
}
