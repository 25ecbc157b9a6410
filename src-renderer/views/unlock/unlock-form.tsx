/** The password, and what happens when it is wrong. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorCode } from '../../models/errors.ts';
import { useUnlock } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';

export function UnlockForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('unlock');
  const unlock = useUnlock();
  const [password, setPassword] = useState('');
  const wrong = errorCode(unlock.error) === 'WRONG_PASSWORD';
  // What was said of the password before is not said of the one that is typed now.
  const retype = (typed: string): void => {
    setPassword(typed);
    if (wrong) unlock.reset();
  };
  return (
    <form
      className="col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '') unlock.mutate(password, { onSuccess: onDone });
      }}
    >
      <Field label={t('password')} error={wrong ? t('wrong') : undefined}>
        <TextInput type="password" autoComplete="current-password" data-first-focus="" autoFocus value={password} onChange={(event) => retype(event.target.value)} />
      </Field>
      {unlock.error !== null && !wrong && <ErrorPanel error={unlock.error} />}
      <div><Button type="submit" variant="ink" size="large" busy={unlock.isPending ? t('busy') : false} disabledReason={password === '' ? t('missing') : undefined}>{t('open')}</Button></div>
    </form>
  );
}
