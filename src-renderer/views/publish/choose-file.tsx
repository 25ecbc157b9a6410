/** The file, and the drafts that wait. */
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { pickFile } from '../../models/desktop.ts';
import { bytes } from '../../models/format.ts';
import { useDiscardDraft, useDraftFromPath, useDrafts, useUploadDraft } from '../../models/publish.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Progress } from './progress.tsx';

export function ChooseFile() {
  const { t } = useTranslation('publish');
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<{ readonly done: number; readonly total: number } | null>(null);
  const upload = useUploadDraft();
  const fromPath = useDraftFromPath();
  const open = ({ id }: DraftView): void => void navigate({ to: '/publish/$draft', params: { draft: id } });
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    setSent({ done: 0, total: file.size });
    upload.mutate({ file, onProgress: (done) => setSent({ done, total: file.size }) }, { onSuccess: open, onSettled: () => setSent(null) });
  };
  const choose = async (): Promise<void> => {
    if (pickFile === null) return input.current?.click();
    const path = await pickFile();
    if (path !== null) fromPath.mutate(path, { onSuccess: open });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const busy = upload.isPending || fromPath.isPending;
  return (
    <>
      <div className={classNames('file-well', over && 'file-well--over')} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <p className="t-title">{t('file.drop')}</p>
        <p className="c-2">{t('file.what')}</p>
        <Button variant="ink" busy={busy ? t('file.reading') : false} onClick={() => void choose()}>{t('file.choose')}</Button>
        <input ref={input} type="file" className="unseen" tabIndex={-1} aria-label={t('file.choose')} onChange={(event) => take(event.target.files?.[0])} />
        {sent !== null && <Progress done={sent.done} total={sent.total} rate={null} label={t('file.sending')} />}
      </div>
      {upload.error !== null && <ErrorPanel error={upload.error} />}
      {fromPath.error !== null && <ErrorPanel error={fromPath.error} />}
      <Drafts onOpen={open} />
    </>
  );
}

function Drafts({ onOpen }: { readonly onOpen: (draft: DraftView) => void }) {
  const { t } = useTranslation('publish');
  const drafts = useDrafts();
  const discard = useDiscardDraft();
  const open = (list: readonly DraftView[]): readonly DraftView[] => list.filter(({ state }) => state !== 'published');
  return (
    <Panel title={t('drafts.title')} query={drafts} empty={(list) => (open(list).length === 0 ? <p className="c-3">{t('drafts.none')}</p> : null)}>
      {(list) => (
        <ul className="publish__drafts ruled">
          {open(list).map((draft) => (
            <li key={draft.id} className="row apart">
              <span className="grow"><bdi className="t-medium">{draft.description?.title ?? draft.file.name}</bdi> <span className="c-3">{bytes(draft.file.bytes)}</span></span>
              <Pill tone={draft.state === 'failed' ? 'bad' : draft.state === 'packed' ? 'ok' : 'wait'}>{t(`state.${draft.state}`)}</Pill>
              <Button size="small" onClick={() => onOpen(draft)}>{t('drafts.open')}</Button>
              <Button size="small" variant="quiet" busy={discard.isPending ? t('drafts.discarding') : false} onClick={() => discard.mutate(draft.id)}>{t('drafts.discard')}</Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
