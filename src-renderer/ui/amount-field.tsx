/** A sum of CPC to type: exact, with what would be left. */
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cpc, parseAmount } from '../format/amount.ts';
import { Field } from './field.tsx';
import { TextInput } from './text-input.tsx';

export interface AmountFieldProps {
  readonly label: ReactNode;
  /** Base units; null while nothing valid is typed. */
  readonly value: bigint | null;
  readonly onChange: (value: bigint | null) => void;
  /** Base units; what would be left of it is shown below. */
  readonly balance?: bigint | undefined;
  /** Offers "All but the fee". */
  readonly onAll?: (() => void) | undefined;
  readonly error?: ReactNode;
  readonly help?: ReactNode;
  readonly look?: 'normal' | 'big';
}

export function AmountField({ label, value, onChange, balance, onAll, error, help, look = 'big' }: AmountFieldProps) {
  const { t } = useTranslation('ui');
  const [text, setText] = useState(value === null ? '' : cpc(value));
  const [left, setLeft] = useState(false);
  // A value set from outside (such as "all") replaces the text; the text of an equal value stays as it was typed.
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    if (value !== null && parseAmount(text) !== value) setText(cpc(value));
  }
  const type = (next: string): void => {
    setText(next);
    const parsed = parseAmount(next);
    setSeen(parsed);
    onChange(parsed);
  };
  const unreadable = left && text.trim() !== '' && value === null ? t('amount.unreadable') : undefined;
  const tooMuch = value !== null && balance !== undefined && value > balance ? t('amount.too_much', { balance: cpc(balance) }) : undefined;
  const rest = value !== null && balance !== undefined && value <= balance ? t('amount.left', { amount: cpc(balance - value, { decimals: 4 }) }) : undefined;
  return (
    <Field
      label={label}
      aside={onAll && <button type="button" className="link" onClick={onAll}>{t('amount.all')}</button>}
      error={error ?? unreadable ?? tooMuch}
      help={help ?? rest ?? (balance === undefined ? undefined : t('amount.have', { amount: cpc(balance, { decimals: 4 }) }))}
      unit="CPC"
    >
      <TextInput look={look} inputMode="decimal" value={text} onChange={(event) => type(event.target.value)} onBlur={() => setLeft(true)} />
    </Field>
  );
}
