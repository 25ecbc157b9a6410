/** A publisher without a device: recorded rows, sent as they were driven or measured. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PublishedStreamView } from '../../../src-node/api/contract/index.ts';
import { usePublishingActs } from '../../models/streams-desk.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Select } from '../../ui/select.tsx';

const DATA = ['flights', 'weather'] as const;
const SPEEDS = ['1', '10', '100'] as const;

export function TestTab({ stream: { card, sources, state } }: { readonly stream: PublishedStreamView }) {
  const { t } = useTranslation('stream-desk');
  const acts = usePublishingActs(card.id);
  const [data, setData] = useState<(typeof DATA)[number]>('flights');
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>('1');
  const running = sources.find(({ kind }) => kind === 'replay');
  const error = acts.addSource.error ?? acts.removeSource.error;
  return (
    <div className="streams-desk__form streams-desk__narrow">
      <p className="c-2">{t('test.text')}</p>
      {card.status === 'registered' && <Note tone="warn">{t('test.paid')}</Note>}
      <Pick<(typeof DATA)[number]> inline label={t('test.data')} value={data} onChange={setData} options={DATA.map((value) => ({ value, title: t(`test.datas.${value}`), children: t(`test.data_text.${value}`) }))} />
      <Select label={t('test.speed')} value={speed} onChange={setSpeed} options={SPEEDS.map((value) => ({ value, label: t('test.times', { count: Number(value) }) }))} />
      <div className="row">
        {running === undefined
          ? <Button variant="ink" busy={acts.addSource.isPending ? t('running') : false} disabledReason={state === 'ended' ? t('cannot.ended') : state === 'locked' ? t('cannot.locked') : undefined} onClick={() => acts.addSource.mutate({ kind: 'replay', data, speed: Number(speed) })}>{t('test.start')}</Button>
          : <Button busy={acts.removeSource.isPending ? t('running') : false} onClick={() => acts.removeSource.mutate(running.id)}>{t('test.stop')}</Button>}
      </div>
      {error !== null && <ErrorPanel error={error} />}
    </div>
  );
}
