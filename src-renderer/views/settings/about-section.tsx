/** Version and where things lie. */
import { useTranslation } from 'react-i18next';
import { useDiagnostics } from '../../models/app.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SettingRow } from './setting-row.tsx';

export function AboutSection() {
  const { t } = useTranslation('settings');
  return (
    <Panel plain query={useDiagnostics()}>
      {(data) => (
        <>
          <SettingRow name="version"><span className="t-medium">{data.version}</span></SettingRow>
          <SettingRow name="runtime"><span className="t-medium">{data.runtime}, {data.platform}</span></SettingRow>
          <SettingRow name="folder"><span className="row"><span className="t-mono settings__path">{data.dataDirectory}</span><CopyButton text={data.dataDirectory} label={t('copy_path')} /></span></SettingRow>
          <SettingRow name="licence"><span className="t-medium">Apache-2.0</span></SettingRow>
        </>
      )}
    </Panel>
  );
}
