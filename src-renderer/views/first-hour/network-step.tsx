/** Which chain: the practice one that runs here, or the main network through a node that you trust. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NetworkName } from '../../../src-node/api/contract/index.ts';
import { useChooseNetwork } from '../../models/app.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { Note } from '../../ui/note.tsx';
import { Pick } from '../../ui/pick.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { StepScreen } from './frame.tsx';

export function NetworkStep({ chosen, onDone }: { readonly chosen: NetworkName | null; readonly onDone: () => void }) {
  const { t } = useTranslation('first-hour');
  const [network, setNetwork] = useState<NetworkName>(chosen ?? 'practice');
  const [url, setUrl] = useState('');
  const choose = useChooseNetwork();
  const remote = network === 'mainnet';
  const missing = remote && !/^https?:\/\/.+/.test(url.trim()) ? t('network.url_missing') : undefined;
  const go = (): void => choose.mutate({ network, ...(remote ? { remoteUrl: url.trim() } : {}) }, { onSuccess: onDone });
  return (
    <StepScreen
      title={t('network.title')}
      lead={t('network.lead')}
      foot={<><span className="t-small c-3 grow">{t('network.nothing_yet')}</span><Button variant="ink" size="large" busy={choose.isPending ? t('network.busy') : false} disabledReason={missing} onClick={go}>{t('continue')}</Button></>}
    >
      <Pick
        label={t('network.title')}
        value={network}
        onChange={setNetwork}
        options={[
          { value: 'practice', title: t('network.practice'), aside: t('network.practice_note'), children: t('network.practice_text') },
          { value: 'mainnet', title: t('network.mainnet'), aside: t('network.mainnet_note'), children: t('network.mainnet_text') },
        ]}
      />
      {remote && (
        <>
          <Field label={t('network.url')} help={t('network.url_help')}><TextInput mono type="url" placeholder="https://" value={url} onChange={(event) => setUrl(event.target.value)} /></Field>
          <Note tone="warn">{t('network.trust')}</Note>
        </>
      )}
      {choose.error !== null && <ErrorPanel error={choose.error} />}
    </StepScreen>
  );
}
