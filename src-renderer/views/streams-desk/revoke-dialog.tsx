/** Ends what one reader gets, and says when that acts: keys that are out cannot be called back. */
import { useTranslation } from 'react-i18next';
import type { SubscriberView } from '../../../src-node/api/contract/index.ts';
import { moment, type Language } from '../../models/format.ts';
import { usePublishingActs } from '../../models/streams-desk.ts';
import { Address } from '../../ui/address.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Time } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.ts';

export interface RevokeDialogProps {
  readonly stream: string;
  readonly reader: SubscriberView;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function RevokeDialog({ stream, reader, open, onClose }: RevokeDialogProps) {
  const { t, i18n } = useTranslation('stream-desk');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { revoke } = usePublishingActs(stream);
  const go = (): void => revoke.mutate(reader.channel, { onSuccess: ({ actsAt }) => {
    onClose();
    toast(t('revoke.done'), { text: t('revoke.acts', { time: moment(actsAt, { now: Date.now(), language }) }) });
  } });
  return (
    <Dialog open={open} onClose={onClose} title={t('revoke.title')} footer={<><span /><Button data-first-focus="" onClick={onClose}>{t('cancel')}</Button><Button variant="danger-solid" busy={revoke.isPending ? t('running') : false} onClick={go}>{t('revoke.act')}</Button></>}>
      <p className="row wrap"><Address address={reader.payer} /></p>
      <Note tone="warn"><b>{t('revoke.when')} <Time at={reader.keysUntil} style="point" /></b> (<Time at={reader.keysUntil} style="left" />). {t('revoke.until')}</Note>
      <ul className="streams-desk__points c-2"><li>{t('revoke.kept')}</li><li>{t('revoke.money')}</li><li>{t('revoke.others')}</li></ul>
      {revoke.error !== null && <ErrorPanel error={revoke.error} />}
    </Dialog>
  );
}
