/** Files that did not arrive whole: the same file chosen again goes on where it stopped. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UploadView } from '../../../src-node/api/contract/index.ts';
import { bytes } from '../../models/format.ts';
import { useDiscardUpload, useUploads } from '../../models/publish.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Ruler } from '../../ui/ruler.tsx';
import { DiscardDialog } from './discard-dialog.tsx';

export function UploadList() {
  const { t } = useTranslation('publish');
  const uploads = useUploads();
  const discard = useDiscardUpload();
  const [asked, setAsked] = useState<UploadView | null>(null);
  const ask = (upload: UploadView | null): void => {
    discard.reset();
    setAsked(upload);
  };
  // Seldom there is one: while it is read, no place is kept for it.
  if (uploads.data?.length === 0 || uploads.isPending) return null;
  return (
    <Panel title={t('uploads.title')} query={uploads} rows={1} cause={t('drafts.loading')}>
      {(list) => (
        <>
          <p className="c-2">{t('uploads.text')}</p>
          <ul className="publish__drafts ruled">
            {list.map((upload) => {
              const amount = t('uploads.arrived', { done: bytes(upload.arrived), total: bytes(upload.bytes) });
              return (
                <li key={upload.id} className="row apart">
                  <span className="grow two-lines"><bdi className="t-medium">{upload.name}</bdi><small>{amount}</small></span>
                  <span className="publish__arrived"><Ruler done={upload.arrived} total={upload.bytes} label={upload.name} text={amount} /></span>
                  <Button size="small" variant="quiet" aria-label={t('drafts.discard_named', { name: upload.name })} onClick={() => ask(upload)}>{t('drafts.discard')}</Button>
                </li>
              );
            })}
          </ul>
          {asked !== null && (
            <DiscardDialog
              title={t('discard.upload', { name: asked.name })} text={t('discard.upload_text', { done: bytes(asked.arrived) })} confirm={t('discard.upload_confirm')}
              pending={discard.isPending} error={discard.error} onClose={() => ask(null)} onConfirm={() => discard.mutate(asked.id, { onSuccess: () => ask(null) })}
            />
          )}
        </>
      )}
    </Panel>
  );
}
