/** Built-in, or a Kafka cluster by its list of brokers, tried before it is used. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineSettings } from '../../../src-node/api/contract/index.ts';
import { parseBrokers, useGatewayActs } from '../../models/streams-gateway.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { Pick } from '../../ui/pick.tsx';
import { Select } from '../../ui/select.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { TestResult } from '../streams-desk/test-result.tsx';

const GB = 1_000_000_000;
const SIZES = ['5', '20', '100', '500'] as const;
const MECHANISMS = ['none', 'plain', 'scram-sha-256', 'scram-sha-512'] as const;

export function EngineSheet({ settings, open, onClose }: { readonly settings: EngineSettings; readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('gateway');
  const acts = useGatewayActs();
  const kafka = settings.kind === 'kafka' ? settings : null;
  const [kind, setKind] = useState(settings.kind);
  const [size, setSize] = useState<(typeof SIZES)[number]>('20');
  const [brokers, setBrokers] = useState(kafka?.brokers.join(', ') ?? '');
  const [left, setLeft] = useState(false);
  const [tls, setTls] = useState(kafka?.tls ?? true);
  const [mechanism, setMechanism] = useState<(typeof MECHANISMS)[number]>(kafka?.sasl?.mechanism ?? 'none');
  const [username, setUsername] = useState(kafka?.sasl?.username ?? '');
  const [password, setPassword] = useState('');
  const list = parseBrokers(brokers);
  const next: EngineSettings | null = kind === 'built-in' ? { kind, maxBytes: Number(size) * GB }
    : list === null ? null : { kind, brokers: [...list], tls, sasl: mechanism === 'none' ? null : { mechanism, username, password: password === '' ? null : password } };
  const missing = next === null ? t('engine.need_brokers') : mechanism !== 'none' && kind === 'kafka' && username === '' ? t('engine.need_user') : undefined;
  const tried = kind === 'built-in' || acts.test.data?.ok === true;
  const changed = <Value,>(set: (value: Value) => void) => (value: Value): void => {
    acts.test.reset();
    set(value);
  };
  const error = acts.test.error ?? acts.use.error;
  return (
    <Sheet
      open={open} onClose={onClose} title={t('engine.sheet')}
      footer={<><span />{kind === 'kafka' ? <Button size="large" busy={acts.test.isPending ? t('engine.testing') : false} disabledReason={missing} onClick={() => { if (next !== null) acts.test.mutate(next); }}>{t('engine.test')}</Button> : <Button size="large" onClick={onClose}>{t('cancel')}</Button>}<Button size="large" variant="ink" busy={acts.use.isPending ? t('engine.moving') : false} disabledReason={missing ?? (tried ? undefined : t('engine.test_first'))} onClick={() => { if (next !== null) acts.use.mutate(next, { onSuccess: onClose }); }}>{t('engine.use')}</Button></>}
    >
      <div className="streams-desk__form">
        <Pick<EngineSettings['kind']> label={t('engine.kind')} value={kind} onChange={changed(setKind)} options={(['built-in', 'kafka'] as const).map((value) => ({ value, title: t(`engine.kinds.${value}`), children: t(`engine.kind_text.${value}`) }))} />
        {kind === 'built-in' ? <Select label={t('engine.most')} help={t('engine.most_help')} value={size} onChange={setSize} options={SIZES.map((value) => ({ value, label: `${value} GB` }))} /> : (
          <>
            <Field label={t('engine.brokers')} help={t('engine.brokers_help')} error={left && list === null ? t('engine.need_brokers') : undefined}><TextInput mono value={brokers} maxLength={1000} placeholder="kafka-1:9092, kafka-2:9092" onBlur={() => setLeft(true)} onChange={(event) => changed(setBrokers)(event.target.value)} /></Field>
            <Checkbox checked={tls} onChange={changed(setTls)}>{t('engine.use_tls')}</Checkbox>
            <Select<(typeof MECHANISMS)[number]> label={t('engine.login')} value={mechanism} onChange={changed(setMechanism)} options={MECHANISMS.map((value) => ({ value, label: value === 'none' ? t('engine.no_sasl') : value.toUpperCase() }))} />
            {mechanism !== 'none' && (
              <div className="streams-desk__pair">
                <Field label={t('engine.user')}><TextInput value={username} maxLength={200} onChange={(event) => changed(setUsername)(event.target.value)} /></Field>
                <Field label={t('engine.password')} help={kafka?.sasl == null ? undefined : t('engine.password_kept')}><TextInput type="password" value={password} maxLength={500} onChange={(event) => changed(setPassword)(event.target.value)} /></Field>
              </div>
            )}
          </>
        )}
        <p className="t-small c-3">{t('engine.moves')}</p>
        {acts.test.data !== undefined && <TestResult report={acts.test.data} />}
        {error !== null && <ErrorPanel error={error} />}
      </div>
    </Sheet>
  );
}
