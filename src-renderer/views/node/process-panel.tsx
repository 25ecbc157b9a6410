/** What the program uses of this computer. */
import { useTranslation } from 'react-i18next';
import { useDiagnostics } from '../../models/app.ts';
import { bytes, zoneLabel } from '../../models/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { Fact, Facts } from './facts.tsx';

export function ProcessPanel() {
  const { t } = useTranslation('node');
  return (
    <div className="above-6">
      <Panel title={t('use.title')} query={useDiagnostics()}>
        {(data) => (
          <Facts>
            {data.processes.map((process, index) => <Fact key={`${process.name} ${index}`} name={t(`use.process.${process.name}`, { pid: process.pid })}>{process.rssBytes === null ? '–' : bytes(process.rssBytes)}</Fact>)}
            <Fact name={t('use.chain')}>{bytes(data.chainBytes)}</Fact>
            <Fact name={t('use.free')}>{bytes(data.diskFreeBytes)}</Fact>
            <Fact name={t('use.started', { zone: zoneLabel(data.startedAt) })}><Time at={data.startedAt} style="point" /></Fact>
            <Fact name={t('use.version')}>{data.version}, {data.runtime}</Fact>
          </Facts>
        )}
      </Panel>
    </div>
  );
}
