/** The name of an account is known on this computer only. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../src-node/api/contract/index.ts';
import { useRenameAccount } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';

export interface RenameDialogProps {
  readonly account: AccountView;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function RenameDialog({ account, open, onClose }: RenameDialogProps) {
  const { t } = useTranslation('wallet');
  const [name, setName] = useState(account.name);
  const rename = useRenameAccount();
  const go = (): void => rename.mutate({ address: account.address, name: name.trim() }, { onSuccess: onClose });
  return (
    <Dialog open={open} onClose={onClose} title={t('rename.title')} footer={<><span /><Button onClick={onClose}>{t('cancel')}</Button><Button variant="ink" busy={rename.isPending ? t('saving') : false} disabledReason={name.trim() === '' ? t('name_missing') : undefined} onClick={go}>{t('rename.save')}</Button></>}>
      <Field label={t('name')} help={t('rename.help')}><TextInput maxLength={80} value={name} onChange={(event) => setName(event.target.value)} /></Field>
      {rename.error !== null && <ErrorPanel error={rename.error} />}
    </Dialog>
  );
}
