/** Whom: with what is known about the address. */
import { Check } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AddressCheck } from '../../models/address-check.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Field } from '../../ui/field.tsx';
import { Identicon } from '../../ui/identicon.tsx';
import { TextInput } from '../../ui/text-input.tsx';

export interface AddressFieldProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly check: AddressCheck;
}

export function AddressField({ value, onChange, check }: AddressFieldProps) {
  const { t } = useTranslation('wallet');
  const nameOf = useAccountName();
  const [left, setLeft] = useState(false);
  const error = check.state === 'wrong-checksum' || (check.state === 'malformed' && left) ? t(`address.${check.state}`) : undefined;
  const known = check.state === 'ok' && check.knownAs !== null ? t(`address.${check.knownAs}`, { name: nameOf(check.address) }) : undefined;
  return (
    <Field
      label={t('send_sheet.to')}
      error={error}
      help={check.state === 'ok' ? <span className="row gap-1 c-ok"><Check aria-hidden />{t('address.checksum')}{known !== undefined && ` · ${known}`}</span> : t('address.help')}
    >
      <TextInput mono icon={check.state === 'ok' ? <Identicon address={check.address} size={20} /> : undefined} placeholder="0x" value={value} onChange={(event) => onChange(event.target.value.trim())} onBlur={() => setLeft(true)} />
    </Field>
  );
}
