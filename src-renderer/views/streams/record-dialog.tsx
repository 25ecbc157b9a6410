/** In which form the rows are kept. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingFormat } from '../../../src-node/api/contract/index.ts';
import { useReadingActs } from '../../models/streams.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Pick } from '../../ui/pick.tsx';

const FORMATS: readonly RecordingFormat[] = ['csv', 'jsonl', 'json-columns'];

export function RecordDialog({ channel, open, onClose }: { readonly channel: string; readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('streams');
  const { record } = useReadingActs(channel);
  const [format, setFormat] = useState<RecordingFormat>('csv');
  return (
    <Dialog open={open} onClose={onClose} title={t('record.title')} footer={<><span /><Button onClick={onClose}>{t('cancel')}</Button><Button variant="ink" busy={record.isPending ? t('running') : false} onClick={() => record.mutate(format, { onSuccess: onClose })}>{t('record.begin')}</Button></>}>
      <p className="c-2">{t('record.text')}</p>
      <div className="above-4"><Pick<RecordingFormat> label={t('record.format')} value={format} onChange={setFormat} options={FORMATS.map((value) => ({ value, title: t(`record.formats.${value}.title`), children: t(`record.formats.${value}.text`) }))} /></div>
      {record.error !== null && <ErrorPanel error={record.error} />}
    </Dialog>
  );
}
