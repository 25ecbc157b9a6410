/** Where batches are kept, and the way to change it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GatewayView } from '../../../src-node/api/contract/index.ts';
import { bytes } from '../../models/format.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { Time } from '../../ui/time.tsx';
import { Fact, Facts } from '../node/facts.tsx';
import { EngineSheet } from './engine-sheet.tsx';

export function EnginePanel({ gateway: { engine } }: { readonly gateway: GatewayView }) {
  const { t } = useTranslation('gateway');
  const [open, setOpen] = useState(false);
  const { settings, ok, problem, usedBytes, checkedAt } = engine;
  return (
    <section className="panel panel--plain" aria-labelledby="engine">
      <header className="panel__head"><h2 id="engine" className="t-h">{t('engine.title')}</h2><Button size="small" onClick={() => setOpen(true)}>{t('engine.change')}</Button></header>
      <Facts>
        <Fact name={t('engine.kind')}><span className={ok ? 'row gap-1 c-ok' : 'row gap-1 c-bad'}><StatusIcon tone={ok ? 'ok' : 'bad'} />{t(`engine.kinds.${settings.kind}`)}</span></Fact>
        {settings.kind === 'kafka' && <Fact name={t('engine.brokers')}><span className="col right">{settings.brokers.map((broker) => <bdi key={broker} className="t-mono">{broker}</bdi>)}</span></Fact>}
        {settings.kind === 'kafka' && <Fact name={t('engine.safety')}>{[settings.tls ? t('engine.tls') : t('engine.no_tls'), settings.sasl === null ? t('engine.no_sasl') : settings.sasl.mechanism.toUpperCase()].join(' · ')}</Fact>}
        <Fact name={t('engine.used')}>{usedBytes === null ? '–' : settings.kind === 'built-in' ? t('engine.of', { used: bytes(usedBytes), most: bytes(settings.maxBytes) }) : bytes(usedBytes)}</Fact>
        <Fact name={t('engine.checked')}>{checkedAt === null ? '–' : <Time at={checkedAt} style="age" />}</Fact>
      </Facts>
      {problem !== null && <ErrorPanel error={problem} />}
      <EngineSheet settings={settings} open={open} onClose={() => setOpen(false)} />
    </section>
  );
}
