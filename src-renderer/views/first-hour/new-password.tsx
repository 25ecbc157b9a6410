/** A new password, typed twice. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';

/** The keys process refuses less; this only spares the way there. */
const SHORTEST = 8;

export interface PasswordState {
  readonly value: string;
  readonly again: string;
  readonly set: (value: string) => void;
  readonly setAgain: (again: string) => void;
  /** What is still missing, in words. */
  readonly missing: string | undefined;
}

export function usePassword(): PasswordState {
  const { t } = useTranslation('first-hour');
  const [value, set] = useState('');
  const [again, setAgain] = useState('');
  const missing = value.length < SHORTEST ? t('password.too_short', { count: SHORTEST }) : again !== value ? t('password.not_same') : undefined;
  return { value, again, set, setAgain, missing };
}

export function NewPassword({ password }: { readonly password: PasswordState }) {
  const { t } = useTranslation('first-hour');
  const [left, setLeft] = useState(false);
  const differs = left && password.again !== '' && password.again !== password.value;
  return (
    <div className="two-fields">
      <Field label={t('password.label')} help={t('password.help', { count: SHORTEST })}><TextInput type="password" autoComplete="new-password" value={password.value} onChange={(event) => password.set(event.target.value)} /></Field>
      <Field label={t('password.again')} error={differs ? t('password.not_same') : undefined}><TextInput type="password" autoComplete="new-password" value={password.again} onChange={(event) => password.setAgain(event.target.value)} onBlur={() => setLeft(true)} /></Field>
    </div>
  );
}
