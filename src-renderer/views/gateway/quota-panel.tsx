/** What one reader or publisher may take, and the paths of before. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GatewayQuotas, GatewayView } from '../../../src-node/api/contract/index.ts';
import { useGatewayActs } from '../../models/streams-gateway.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Switch } from '../../ui/switch.tsx';
import { TextInput } from '../../ui/text-input.tsx';

const KIB = 1024;
/** Shown in thousands of octets where octets are counted. */
const FIELDS = [['publishPerSecond', 1], ['publishBytesPerSecond', KIB], ['readBytesPerSecond', KIB], ['sockets', 1], ['peeksPerDay', 1]] as const satisfies readonly (readonly [keyof GatewayQuotas, number])[];

export function QuotaPanel({ gateway: { quotas, oldPaths } }: { readonly gateway: GatewayView }) {
  const { t } = useTranslation('gateway');
  const acts = useGatewayActs();
  const [texts, setTexts] = useState(() => FIELDS.map(([key, unit]) => String(Math.round(quotas[key] / unit))));
  const numbers = texts.map((text) => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : null));
  const bad = numbers.some((one, i) => one === null || (one === 0 && FIELDS[i]?.[0] !== 'peeksPerDay'));
  const same = FIELDS.every(([key, unit], i) => numbers[i] === Math.round(quotas[key] / unit));
  const save = (): void => acts.quotas.mutate(Object.fromEntries(FIELDS.map(([key, unit], i) => [key, (numbers[i] ?? 0) * unit])) as unknown as GatewayQuotas);
  const error = acts.quotas.error ?? acts.oldPaths.error;
  return (
    <section className="panel" aria-labelledby="quotas">
      <header className="panel__head"><h2 id="quotas" className="t-h">{t('quota.title')}</h2>{!same && <Button size="small" busy={acts.quotas.isPending ? t('running') : false} disabledReason={bad ? t('quota.bad') : undefined} onClick={save}>{t('quota.save')}</Button>}</header>
      <div className="gateway__quotas">
        {FIELDS.map(([key], i) => <label key={key} className="row apart"><span className="c-2">{t(`quota.${key}`)}</span><TextInput look="small" inputMode="numeric" value={texts[i] ?? ''} onChange={(event) => setTexts(texts.map((text, j) => (i === j ? event.target.value : text)))} /></label>)}
        <div className="row apart"><span className="col"><span className="c-2">{t('quota.old')}</span><span className="t-small c-3">{t('quota.old_text')}</span></span><Switch checked={oldPaths} label={t('quota.old')} onChange={(on) => acts.oldPaths.mutate(on)} /></div>
      </div>
      {error !== null && <ErrorPanel error={error} />}
    </section>
  );
}
