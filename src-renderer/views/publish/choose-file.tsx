/** The file, what of others has arrived, and the drafts that wait. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { pickFile } from '../../models/desktop.ts';
import { useDraftFromPath, useUploadDraft } from '../../models/publish.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { FileWell } from '../../ui/file-well.tsx';
import { DraftList } from './draft-list.tsx';
import { Progress } from './progress.tsx';
import { UploadList } from './upload-list.tsx';

export function ChooseFile() {
  const { t } = useTranslation('publish');
  const navigate = useNavigate();
  const [sent, setSent] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const upload = useUploadDraft();
  const fromPath = useDraftFromPath();
  const open = ({ id }: DraftView): void => void navigate({ to: '/publish/$draft', params: { draft: id } });
  const send = (file: File): void => {
    setSent({ done: 0, total: file.size });
    upload.mutate({ file, onProgress: (done) => setSent({ done, total: file.size }) }, { onSuccess: open, onSettled: () => setSent(null) });
  };
  const choose = async (): Promise<void> => {
    const path = (await pickFile?.()) ?? null;
    if (path !== null) fromPath.mutate(path, { onSuccess: open });
  };
  const failed = upload.variables?.file;
  const busy = upload.isPending || fromPath.isPending ? t('file.reading') : false;
  return (
    <>
      {pickFile === null ? (
        <FileWell title={t('file.drop')} text={t('file.what')} choose={t('file.choose')} busy={busy} source={{ kind: 'page', onFile: send }}>
          {sent !== null && <Progress done={sent.done} total={sent.total} rate={null} label={t(sent.done < sent.total ? 'file.sending' : 'file.reading')} />}
        </FileWell>
      ) : (
        <FileWell title={t('file.pick')} text={t('file.what')} choose={t('file.choose')} busy={busy} source={{ kind: 'desktop', onChoose: () => void choose() }} />
      )}
      {upload.error !== null && <ErrorPanel error={upload.error} onRetry={failed === undefined ? undefined : () => send(failed)} />}
      {fromPath.error !== null && <ErrorPanel error={fromPath.error} />}
      {pickFile === null && sent === null && <UploadList />}
      <DraftList onOpen={open} />
    </>
  );
}
