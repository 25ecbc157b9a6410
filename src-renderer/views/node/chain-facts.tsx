/** Which chain this is. */
import { useTranslation } from 'react-i18next';
import { shortHash } from '../../models/format.ts';
import { useNode } from '../../models/node.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Fact, Facts } from './facts.tsx';

export function ChainFacts() {
  const { t } = useTranslation(['node', 'shell']);
  const copyable = (text: string, shown = text) => <span className="facts__copy"><span className="t-mono cut">{shown}</span><CopyButton text={text} label={t('copy')} /></span>;
  return (
    <Panel plain title={t('chain.title')} query={useNode()}>
      {(data) => (
        <Facts>
          <Fact name={t('chain.network')}>{t(`shell:network.${data.network}`, { defaultValue: data.network })}</Fact>
          <Fact name={t('chain.id')}>{data.chainId}</Fact>
          <Fact name={t('chain.genesis')}>{copyable(data.genesisHash, shortHash(data.genesisHash))}</Fact>
          <Fact name={t('chain.committee')}>{t('chain.committee_value', { seats: data.termLen, rounds: data.viewLen, validators: data.validators.length })}</Fact>
          {data.rpcUrl !== null && <Fact name={t('chain.rpc')}>{copyable(data.rpcUrl)}</Fact>}
          {data.rpcTokenPath !== null && <Fact name={t('chain.rpc_token')}>{copyable(data.rpcTokenPath)}</Fact>}
          {data.remoteUrl !== null && <Fact name={t('chain.remote')}>{copyable(data.remoteUrl)}</Fact>}
        </Facts>
      )}
    </Panel>
  );
}
