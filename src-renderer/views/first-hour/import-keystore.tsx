/** A wallet that begins with one keystore file. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useImportKeystore } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { KeystoreFields, type KeystoreText } from '../wallet/keystore-fields.tsx';
import { StepScreen } from './frame.tsx';
import { NewPassword, usePassword } from './new-password.tsx';

export function ImportKeystore({ onBack, onDone }: { readonly onBack: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation('first-hour');
  const [file, setFile] = useState<KeystoreText>({ name: '', json: '', filePassword: '' });
  const password = usePassword();
  const add = useImportKeystore();
  const missing = file.json === '' ? t('import.file_missing') : password.missing;
  const go = (): void => add.mutate({ json: file.json, filePassword: file.filePassword, password: password.value }, { onSuccess: onDone });
  return (
    <StepScreen
      title={t('import.file_title')}
      lead={t('import.file_lead')}
      foot={<><Button variant="quiet" size="large" onClick={onBack}>{t('back')}</Button><span className="grow" /><Button variant="ink" size="large" busy={add.isPending ? t('import.busy') : false} disabledReason={missing} onClick={go}>{t('import.open')}</Button></>}
    >
      <KeystoreFields file={file} onChange={setFile} />
      <NewPassword password={password} />
      {add.error !== null && <ErrorPanel error={add.error} />}
    </StepScreen>
  );
}
