/** Unlocks in place. Enter goes to the button; it never signs by itself. */
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';

export interface PasswordFieldProps {
  readonly value: string;
  readonly onChange: (password: string) => void;
  readonly wrong: boolean;
  readonly onEnter: () => void;
}

export function PasswordField({ value, onChange, wrong, onEnter }: PasswordFieldProps) {
  const { t } = useTranslation('sheet');
  return (
    <div className="proposal__section">
      <Field label={t('password.label')} help={t('password.help')} error={wrong ? t('password.wrong') : undefined}>
        <TextInput
          type="password"
          autoComplete="current-password"
          data-first-focus=""
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            onEnter();
          }}
        />
      </Field>
    </div>
  );
}
