/** A new way in for messages: posted, over a socket, out of a file, or from a broker of devices. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewSource } from '../../../src-node/api/contract/index.ts';
import { usePublishingActs, useTestMqtt } from '../../models/streams-desk.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Select } from '../../ui/select.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { TestResult } from './test-result.tsx';

const KINDS = ['post', 'socket', 'file', 'mqtt'] as const;
const MQTT_URL = /^mqtts?:\/\/[^\s@]+$/;

export function SourceSheet({ stream, open, onClose }: { readonly stream: string; readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('stream-desk');
  const { addSource } = usePublishingActs(stream);
  const test = useTestMqtt();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('post');
  const [path, setPath] = useState('');
  const [format, setFormat] = useState<'csv' | 'jsonl'>('csv');
  const [broker, setBroker] = useState({ url: '', topicFilter: '', username: '', password: '' });
  const settings = { url: broker.url.trim(), topicFilter: broker.topicFilter.trim(), username: broker.username === '' ? null : broker.username, password: broker.password === '' ? null : broker.password };
  const reason = kind === 'file' && path.trim() === '' ? t('source.need_path') : kind === 'mqtt' && !MQTT_URL.test(settings.url) ? t('source.need_url') : kind === 'mqtt' && settings.topicFilter === '' ? t('source.need_topic') : undefined;
  const source = (): NewSource => (kind === 'file' ? { kind, path: path.trim(), format } : kind === 'mqtt' ? { kind, settings } : { kind });
  const set = (change: Partial<typeof broker>): void => {
    test.reset();
    setBroker({ ...broker, ...change });
  };
  return (
    <Sheet
      open={open} onClose={onClose} title={t('source.add')}
      footer={<><span />{kind === 'mqtt' ? <Button size="large" busy={test.isPending ? t('source.testing') : false} disabledReason={reason} onClick={() => test.mutate(settings)}>{t('source.test')}</Button> : <Button size="large" onClick={onClose}>{t('cancel')}</Button>}<Button size="large" variant="ink" busy={addSource.isPending ? t('running') : false} disabledReason={reason} onClick={() => addSource.mutate(source(), { onSuccess: onClose })}>{t('source.add_now')}</Button></>}
    >
      <div className="streams-desk__form">
        <Pick<(typeof KINDS)[number]> label={t('source.kind')} value={kind} onChange={setKind} options={KINDS.map((value) => ({ value, title: t(`source.kinds.${value}`), children: t(`source.kind_text.${value}`) }))} />
        {kind === 'file' && (
          <>
            <Field label={t('source.path')} help={t('source.path_help')}><TextInput mono value={path} maxLength={4096} onChange={(event) => setPath(event.target.value)} /></Field>
            <Select<'csv' | 'jsonl'> label={t('source.format')} value={format} onChange={setFormat} options={[{ value: 'csv', label: t('source.csv') }, { value: 'jsonl', label: t('source.jsonl') }]} />
          </>
        )}
        {kind === 'mqtt' && (
          <>
            <Field label={t('source.url')} help={t('source.url_help')}><TextInput mono value={broker.url} maxLength={300} placeholder="mqtts://broker.example.net:8883" onChange={(event) => set({ url: event.target.value })} /></Field>
            <Field label={t('source.topic')} help={t('source.topic_help')}><TextInput mono value={broker.topicFilter} maxLength={200} placeholder="vans/+/brake" onChange={(event) => set({ topicFilter: event.target.value })} /></Field>
            <div className="streams-desk__pair">
              <Field label={t('source.user')} aside={<span className="c-3">{t('optional')}</span>}><TextInput value={broker.username} maxLength={100} onChange={(event) => set({ username: event.target.value })} /></Field>
              <Field label={t('source.password')} aside={<span className="c-3">{t('optional')}</span>}><TextInput type="password" value={broker.password} maxLength={200} onChange={(event) => set({ password: event.target.value })} /></Field>
            </div>
          </>
        )}
        {test.data !== undefined && <TestResult report={test.data} />}
        {(test.error ?? addSource.error) !== null && <ErrorPanel error={test.error ?? addSource.error} />}
      </div>
    </Sheet>
  );
}
