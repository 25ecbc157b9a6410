/** One more account: the next one of the words, or one from a keystore file. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddAccount, useImportKeystore } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { KeystoreFields, type KeystoreText } from './keystore-fields.tsx';

const NO_FILE: KeystoreText = { name: '', json: '', filePassword: '' };

export function AddAccountDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('wallet');
  const [way, setWay] = useState<'words' | 'keystore'>('words');
  const [name, setName] = useState('');
  const [file, setFile] = useState<KeystoreText>(NO_FILE);
  const [password, setPassword] = useState('');
  const add = useAddAccount();
  const bring = useImportKeystore();
  const done = (): void => {
    setName('');
    setFile(NO_FILE);
    setPassword('');
    onClose();
  };
  const fromWords = way === 'words';
  const missing = fromWords ? (name.trim() === '' ? t('name_missing') : undefined) : file.json === '' ? t('keystore.none') : password === '' ? t('add.password_missing') : undefined;
  const go = (): void => (fromWords ? add.mutate(name.trim(), { onSuccess: done }) : bring.mutate({ json: file.json, filePassword: file.filePassword, password }, { onSuccess: done }));
  const error = fromWords ? add.error : bring.error;
  return (
    <Dialog open={open} onClose={onClose} title={t('add.title')} footer={<><span /><Button onClick={onClose}>{t('cancel')}</Button><Button variant="ink" busy={add.isPending || bring.isPending ? t('add.busy') : false} disabledReason={missing} onClick={go}>{t('add.go')}</Button></>}>
      <div className="col gap-4">
        <Segmented label={t('add.title')} value={way} onChange={setWay} options={[{ value: 'words', label: t('add.words') }, { value: 'keystore', label: t('add.keystore') }]} />
        {fromWords ? (
          <Field label={t('name')} help={t('add.words_help')}><TextInput maxLength={80} value={name} onChange={(event) => setName(event.target.value)} /></Field>
        ) : (
          <>
            <KeystoreFields file={file} onChange={setFile} />
            <Field label={t('add.password')} help={t('add.password_help')}><TextInput type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} /></Field>
          </>
        )}
        {error !== null && <ErrorPanel error={error} />}
      </div>
    </Dialog>
  );
}
