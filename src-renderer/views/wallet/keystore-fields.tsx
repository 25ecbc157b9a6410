/** A keystore file and its password. */
import { FileKey2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';

export interface KeystoreText {
  readonly name: string;
  readonly json: string;
  readonly filePassword: string;
}

/** A keystore has less than a kilobyte; whatever is larger is something else. */
const LARGEST_BYTES = 100_000;

export function KeystoreFields({ file, onChange }: { readonly file: KeystoreText; readonly onChange: (file: KeystoreText) => void }) {
  const { t } = useTranslation('wallet');
  const input = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const read = (chosen: File | undefined): void => {
    setTooLarge(chosen !== undefined && chosen.size > LARGEST_BYTES);
    if (chosen === undefined || chosen.size > LARGEST_BYTES) return;
    void chosen.text().then((json) => onChange({ ...file, name: chosen.name, json }));
  };
  return (
    <>
      <Field label={t('keystore.file')} error={tooLarge ? t('keystore.too_large') : undefined}>
        <div className="row">
          <Button icon={<FileKey2 aria-hidden />} onClick={() => input.current?.click()}>{t('keystore.choose')}</Button>
          <span className={file.name === '' ? 'c-3' : 't-mono'}>{file.name === '' ? t('keystore.none') : file.name}</span>
          <input ref={input} type="file" className="unseen" tabIndex={-1} aria-label={t('keystore.file')} accept=".json,application/json" onChange={(event) => read(event.target.files?.[0])} />
        </div>
      </Field>
      <Field label={t('keystore.password')} help={t('keystore.password_help')}><TextInput type="password" autoComplete="off" value={file.filePassword} onChange={(event) => onChange({ ...file, filePassword: event.target.value })} /></Field>
    </>
  );
}
