/** What is being written to a file, and where it lies. */
import { useTranslation } from 'react-i18next';
import type { StreamRecording } from '../../../src-node/api/contract/index.ts';
import { showFolder } from '../../models/desktop.ts';
import { bytes, grouped } from '../../models/format.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';

export function RecordingStrip({ recording }: { readonly recording: StreamRecording }) {
  const { t } = useTranslation('streams');
  const { state, folder, file, rows, problem } = recording;
  const path = `${folder}/${file}`;
  if (problem !== null) return <div className="recording"><ErrorPanel error={problem} /></div>;
  return (
    <p className="recording row wrap t-small c-2">
      <span className={state === 'running' ? 'c-ok row gap-1' : 'row gap-1'}><StatusIcon tone={state === 'running' ? 'ok' : 'idle'} />{t(`record.state.${state}`)}</span>
      <span>{t('record.so_far', { count: rows, rows: grouped(rows), size: bytes(recording.bytes) })}</span>
      <span className="row gap-1 recording__path"><span className="t-mono cut" title={path}>{path}</span><CopyButton text={path} label={t('record.copy_path')} /></span>
      {showFolder !== null && <Button size="small" variant="quiet" onClick={() => showFolder?.(folder)}>{t('record.show')}</Button>}
    </p>
  );
}
