/** One subscription as it comes in: charts, figures, rows; and beside them what it costs. */
import { useParams } from '@tanstack/react-router';
import { Download, Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SubscriptionView } from '../../../src-node/api/contract/index.ts';
import { useReadingActs, useSubscription } from '../../models/streams.ts';
import { useLive } from '../../models/streams-live.ts';
import { useTitle } from '../../models/title.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Panel } from '../../ui/panel.tsx';
import { LiveBody } from './live-body.tsx';
import { ReadingPill } from './reading-pill.tsx';
import { RecordDialog } from './record-dialog.tsx';
import { RecordingStrip } from './recording-strip.tsx';
import { SnippetPanel } from './snippet-panel.tsx';
import { SpendColumn } from './spend-column.tsx';
import './streams.css';

export function LivePage() {
  const { t } = useTranslation('streams');
  const { channel } = useParams({ from: '/streams/$channel' });
  const query = useSubscription(channel);
  return (
    <>
      {query.data === undefined && <h1 className="t-head">{t('live.title')}</h1>}
      <Panel plain query={query} rows={8} cause={t('live.loading')}>{(subscription) => <Live key={channel} subscription={subscription} />}</Panel>
    </>
  );
}

function Live({ subscription: polled }: { readonly subscription: SubscriptionView }) {
  const live = useLive(polled.channel, polled.columns);
  // What is told while it happens is newer than what is asked for every few seconds.
  const subscription = live.reading !== null && live.reading.at > polled.reading.at ? { ...polled, reading: live.reading } : polled;
  // A sum that was signed only grows.
  const spend = live.spend !== null && live.spend.signed > polled.spend.signed ? live.spend : polled.spend;
  return (
    <>
      <LiveHead subscription={subscription} />
      {subscription.recording !== null && <RecordingStrip recording={subscription.recording} />}
      <div className="live">
        <LiveBody subscription={subscription} live={live} />
        <aside className="live__side"><SpendColumn subscription={subscription} spend={spend} /><SnippetPanel channel={subscription.channel} /></aside>
      </div>
    </>
  );
}

function LiveHead({ subscription }: { readonly subscription: SubscriptionView }) {
  const { t } = useTranslation('streams');
  const titleOf = useTitle();
  const nameOf = useAccountName();
  const acts = useReadingActs(subscription.channel);
  const [choosing, setChoosing] = useState(false);
  const { reading, recording, can, columns } = subscription;
  const stopped = reading.state === 'paused';
  const error = acts.pause.error ?? acts.resume.error ?? acts.stopRecording.error;
  return (
    <>
      <header className="live__head">
        <div className="grow">
          <div className="row wrap"><h1 className="t-head streams__title"><bdi>{titleOf(subscription) ?? t('untitled')}</bdi></h1><ReadingPill subscription={subscription} /></div>
          <p className="row wrap c-3 live__facts">
            <Address address={subscription.owner} name={nameOf(subscription.owner)} />
            <span className="cut"><bdi>{columns.map(({ name }) => name).join(t('comma'))}</bdi></span>
            <span>{reading.gateway === null ? t('live.no_gateway') : t('live.via', { gateway: reading.gateway.name, count: reading.gatewaysReady })}</span>
          </p>
        </div>
        <div className="row">
          {recording?.state === 'running'
            ? <Button icon={<Square aria-hidden />} busy={acts.stopRecording.isPending ? t('running') : false} onClick={() => acts.stopRecording.mutate(undefined)}>{t('record.stop')}</Button>
            : <Button icon={<Download aria-hidden />} disabledReason={can.includes('record') ? undefined : t('cannot.record')} onClick={() => setChoosing(true)}>{t('record.start')}</Button>}
          {stopped
            ? <Button icon={<Play aria-hidden />} busy={acts.resume.isPending ? t('running') : false} disabledReason={can.includes('resume') ? undefined : t('cannot.resume')} onClick={() => acts.resume.mutate(undefined)}>{t('resume')}</Button>
            : <Button icon={<Pause aria-hidden />} busy={acts.pause.isPending ? t('running') : false} disabledReason={can.includes('pause') ? undefined : t('cannot.pause')} onClick={() => acts.pause.mutate(undefined)}>{t('pause')}</Button>}
        </div>
      </header>
      {error !== null && <ErrorPanel error={error} />}
      <RecordDialog channel={subscription.channel} open={choosing} onClose={() => setChoosing(false)} />
    </>
  );
}
