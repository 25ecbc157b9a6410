/** One own stream: who reads it, what feeds it, its keys, where it goes, and how much. */
import { Link, useParams } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PublishedStreamView } from '../../../src-node/api/contract/index.ts';
import { grouped, threeFigures } from '../../models/format.ts';
import { usePublishedStream, usePublisherSteps, usePublishingActs } from '../../models/streams-desk.ts';
import { useTitle } from '../../models/title.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { DeskGateways } from './desk-gateways.tsx';
import { KeysTab } from './keys-tab.tsx';
import { PublishedPill } from './published-pill.tsx';
import { ReadersTab } from './readers-tab.tsx';
import { SourcesTab } from './sources-tab.tsx';
import { TestTab } from './test-tab.tsx';
import { UsageTab } from './usage-tab.tsx';
import '../desk/desk.css';
import './streams-desk.css';

export function PublishedPage() {
  const { t } = useTranslation('stream-desk');
  const { stream: id } = useParams({ from: '/desk/streams/$stream' });
  const query = usePublishedStream(id);
  return (
    <>
      {query.data === undefined && <h1 className="t-head">{t('one.title')}</h1>}
      <Panel plain query={query} rows={8} cause={t('one.loading')}>{(stream) => <Published key={id} stream={stream} />}</Panel>
    </>
  );
}

function Published({ stream }: { readonly stream: PublishedStreamView }) {
  const { t } = useTranslation('stream-desk');
  const titleOf = useTitle();
  const { card, state, problem, subscribers, ratePerSecond, lastSeq, unsent, redeemable } = stream;
  const { publishing } = usePublishingActs(card.id);
  const { act } = usePublisherSteps();
  const signing = useSigning();
  const runs = state === 'publishing' || state === 'silent';
  const reason = state === 'locked' ? t('cannot.locked') : state === 'ended' ? t('cannot.ended') : state === 'registering' ? t('cannot.registering') : undefined;
  return (
    <>
      <PageHead
        crumbs={<><Link to="/desk/streams">{t('title')}</Link><span aria-hidden>›</span></>}
        title={<span className="row wrap"><bdi>{titleOf(card) ?? t('untitled')}</bdi><PublishedPill state={state} /></span>}
        actions={<>
          <Button busy={signing.pending ? t('running') : false} disabledReason={redeemable > 0n ? undefined : t('money.nothing')} onClick={() => signing.propose(() => act(card.id, 'redeem'))}>{t('money.redeem')}</Button>
          <Button variant={runs ? 'plain' : 'ink'} icon={runs ? <Pause aria-hidden /> : <Play aria-hidden />} busy={publishing.isPending ? t('running') : false} disabledReason={reason} onClick={() => publishing.mutate(!runs)}>{t(runs ? 'publish.stop' : 'publish.start')}</Button>
        </>}
      />
      {problem !== null && <ErrorPanel error={problem} />}
      {state === 'locked' && <Note tone="warn"><b>{t('locked.title')}</b> {t('locked.text', { count: unsent, messages: grouped(unsent) })}</Note>}
      {(publishing.error ?? signing.error) !== null && <ErrorPanel error={publishing.error ?? signing.error} />}
      <StatStrip>
        <Stat label={t('fact.readers')} value={grouped(subscribers)} />
        <Stat label={t('fact.rate')} value={ratePerSecond === null ? null : threeFigures(ratePerSecond)} unit={t('fact.rate_unit')} />
        <Stat label={t('fact.newest')} value={lastSeq === null ? null : grouped(lastSeq)} />
        <Stat label={t('fact.unsent')} value={grouped(unsent)} />
        <Stat label={t('fact.redeemable')} value={<Amount value={redeemable} decimals={2} />} unit="CPC" />
      </StatStrip>
      <div className="above-6">
        <Tabs
          label={t('one.tabs')}
          tabs={[
            { id: 'readers', label: t('tab.readers'), count: stream.subscriberList.length, content: <ReadersTab stream={stream} /> },
            { id: 'sources', label: t('tab.sources'), count: stream.sources.length, content: <SourcesTab stream={stream} /> },
            { id: 'keys', label: t('tab.keys'), content: <KeysTab stream={stream} /> },
            { id: 'gateways', label: t('tab.gateways'), count: stream.gatewayList.length, content: <DeskGateways stream={stream} /> },
            { id: 'usage', label: t('tab.usage'), content: <UsageTab stream={stream} /> },
            { id: 'test', label: t('tab.test'), content: <TestTab stream={stream} /> },
          ]}
        />
      </div>
    </>
  );
}
