/** One stream: what it sends, how well, on which terms; a free look, and the decision. */
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { StreamView } from '../../../src-node/api/contract/index.ts';
import { duration, grouped, shortHash, threeFigures, type Language } from '../../models/format.ts';
import { useStream } from '../../models/streams.ts';
import { useTitle } from '../../models/title.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataPrint } from '../../ui/data-print.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Time } from '../../ui/time.tsx';
import { GatewayTable } from './gateway-table.tsx';
import { PeekPanel } from './peek-panel.tsx';
import { StreamColumns } from './stream-columns.tsx';
import { StreamDecision } from './stream-decision.tsx';
import '../listing/listing.css';
import './streams.css';

/** A stream that sent within this time sends now. */
const LIVE_MILLIS = 60_000;

export function StreamPage() {
  const { t } = useTranslation('streams');
  const { stream: id } = useParams({ from: '/market/streams/$stream' });
  const query = useStream(id);
  return (
    <>
      {query.data === undefined && <h1 className="t-head">{t('stream.title')}</h1>}
      <Panel plain query={query} rows={8} cause={t('stream.loading')}>{(stream) => <Stream stream={stream} />}</Panel>
    </>
  );
}

function Stream({ stream }: { readonly stream: StreamView }) {
  const { t, i18n } = useTranslation(['streams', 'market', 'listing']);
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const titleOf = useTitle();
  const nameOf = useAccountName();
  const { measured, textState, retentionMillis, epochMillis, ahead } = stream;
  const live = measured?.lastAt != null && measured.at - measured.lastAt < LIVE_MILLIS;
  return (
    <div className="listing">
      <div className="listing__facts">
        <header>
          <nav className="row t-small c-3" aria-label={t('listing:crumbs')}><Link to="/market/streams">{t('stream.crumb')}</Link><span aria-hidden>›</span><span>{t(`market:category.${stream.category}`)}</span><span aria-hidden>·</span><span className="t-mono">{shortHash(stream.id)}</span><CopyButton text={stream.id} label={t('stream.copy_id')} /></nav>
          <div className="row wrap">
            <h1 className="t-head listing__title"><bdi>{titleOf(stream) ?? t('market:no_title')}</bdi></h1>
            {textState !== 'ready' && <Pill tone={textState === 'invalid' ? 'bad' : 'wait'}>{t(`market:text.${textState}`)}</Pill>}
            {stream.status === 'ended' ? <Pill tone="idle">{t('market.ended')}</Pill> : measured !== null && <Pill tone={live ? 'ok' : 'warn'}>{t(live ? 'reading.live' : 'reading.silent')}</Pill>}
          </div>
          <p className="row wrap c-2 listing__seller-line"><Address address={stream.owner} name={nameOf(stream.owner)} copy /><span>{t('stream.generation', { generation: stream.generation })}</span></p>
        </header>
        <p className="t-lead c-2"><bdi>{stream.summary ?? stream.textReason ?? t('market:text.wait')}</bdi></p>
        <figure className="stream__print"><DataPrint bars={stream.print} size="large" /><figcaption className="t-micro c-3 row apart"><span>{t('stream.print')}</span>{measured !== null && <span>{t('stream.measured', { gateway: measured.gateway })} <Time at={measured.at} style="age" /></span>}</figcaption></figure>
        <StatStrip>
          <Stat label={t('fact.rate')} value={measured?.ratePerSecond == null ? null : threeFigures(measured.ratePerSecond)} unit={t('fact.rate_unit')} />
          <Stat label={t('stream.last')} value={measured?.lastAt == null ? null : <Time at={measured.lastAt} style="age" />} />
          <Stat label={t('stream.columns')} value={grouped(stream.columns.length)} />
          <Stat label={t('stream.kept')} value={retentionMillis === null ? null : duration(retentionMillis, language)} />
          <Stat label={t('stream.keys')} value={duration(epochMillis, language)} unit={t('stream.keys_unit', { count: ahead })} />
        </StatStrip>
        <Tabs
          label={t('stream.tabs')}
          tabs={[
            { id: 'columns', label: t('stream.tab.columns'), count: stream.columns.length, content: <StreamColumns columns={stream.columns} /> },
            { id: 'peek', label: t('stream.tab.peek'), content: <PeekPanel stream={stream} /> },
            { id: 'gateways', label: t('stream.tab.gateways'), count: stream.gatewayList.length, content: <GatewayTable gateways={stream.gatewayList} /> },
            { id: 'about', label: t('stream.tab.about'), content: <p className="listing__description"><bdi>{stream.description ?? t('market:text.wait')}</bdi></p> },
          ]}
        />
      </div>
      <StreamDecision stream={stream} />
    </div>
  );
}
