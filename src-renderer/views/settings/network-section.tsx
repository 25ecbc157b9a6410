/** Which chain is in use; changing it keeps accounts and never mixes balances. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NetworkName } from '../../../src-node/api/contract/index.ts';
import { useChooseNetwork } from '../../models/app.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { SettingRow, type SectionProps } from './setting-row.tsx';

export function NetworkSection({ status }: SectionProps) {
  const { t } = useTranslation(['settings', 'first-hour', 'shell']);
  const current = status.network ?? 'practice';
  const [network, setNetwork] = useState<NetworkName>(current);
  const [url, setUrl] = useState('');
  const choose = useChooseNetwork();
  const remote = network === 'mainnet';
  const same = network === current && (!remote || url.trim() === '');
  const missing = remote && !/^https?:\/\/.+/.test(url.trim()) ? t('first-hour:network.url_missing') : undefined;
  return (
    <>
      <SettingRow name="network"><Segmented label={t('row.network.title')} value={network} onChange={setNetwork} options={(['practice', 'mainnet'] as const).map((value) => ({ value, label: t(`shell:network.${value}`) }))} /></SettingRow>
      <div className="col gap-4 above-4">
        {remote && <Field label={t('first-hour:network.url')} help={t('first-hour:network.url_help')}><TextInput mono type="url" placeholder="https://" value={url} onChange={(event) => setUrl(event.target.value)} /></Field>}
        {remote && <Note tone="warn">{t('first-hour:network.trust')}</Note>}
        {choose.error !== null && <ErrorPanel error={choose.error} />}
        {!same && <div><Button variant="ink" busy={choose.isPending ? t('first-hour:network.busy') : false} disabledReason={missing} onClick={() => choose.mutate({ network, ...(remote ? { remoteUrl: url.trim() } : {}) })}>{t('network_use')}</Button></div>}
      </div>
    </>
  );
}
