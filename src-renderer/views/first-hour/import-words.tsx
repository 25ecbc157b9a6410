/** A wallet that exists already as words. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useImportSeed } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { StepScreen } from './frame.tsx';
import { NewPassword, usePassword } from './new-password.tsx';

const COUNT = 24;

export function ImportWords({ onBack, onDone }: { readonly onBack: () => void; readonly onDone: () => void }) {
  const { t } = useTranslation('first-hour');
  const [text, setText] = useState('');
  const password = usePassword();
  const restore = useImportSeed();
  const words = text.trim().toLowerCase().split(/\s+/).filter((word) => word !== '');
  const missing = words.length === COUNT ? password.missing : t('import.words_missing', { count: words.length });
  const go = (): void => restore.mutate({ words: words.join(' '), password: password.value }, { onSuccess: onDone });
  return (
    <StepScreen
      title={t('import.words_title')}
      lead={t('import.words_lead')}
      foot={<><Button variant="quiet" size="large" onClick={onBack}>{t('back')}</Button><span className="grow" /><Button variant="ink" size="large" busy={restore.isPending ? t('import.busy') : false} disabledReason={missing} onClick={go}>{t('import.open')}</Button></>}
    >
      <Field label={t('import.words')} help={t('import.words_count', { count: words.length })}><TextArea rows={4} spellCheck={false} autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} /></Field>
      <NewPassword password={password} />
      {restore.error !== null && <ErrorPanel error={restore.error} />}
    </StepScreen>
  );
}
