/** Three addresses of a market; what is refused is said at the field it belongs to. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkAddress } from '../../models/address-check.ts';
import { errorFacts } from '../../models/errors.ts';
import { useUseContracts, type ContractAddresses } from '../../models/market.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';

type Name = keyof ContractAddresses;

const CONTRACTS: readonly Name[] = ['listing', 'escrow', 'fraud'];
/** As the node calls them when it refuses one. */
const NODE_NAMES: Readonly<Record<Name, string>> = { listing: 'listings', escrow: 'escrow', fraud: 'fraud' };
const UNKNOWN = { own: [], paidBefore: [] };

export function ContractForm() {
  const { t } = useTranslation('market');
  const use = useUseContracts();
  const [addresses, setAddresses] = useState<ContractAddresses>({ listing: '', escrow: '', fraud: '' });
  const [left, setLeft] = useState<ReadonlySet<Name>>(new Set());
  const refusal = use.error === null ? null : errorFacts(use.error);
  const stateOf = (name: Name): 'empty' | 'malformed' | 'wrong-checksum' | 'twice' | 'ok' => {
    const { state } = checkAddress(addresses[name], UNKNOWN);
    const twice = CONTRACTS.some((other) => other !== name && addresses[other].toLowerCase() === addresses[name].toLowerCase());
    return state === 'empty' || state === 'malformed' || state === 'wrong-checksum' ? state : twice ? 'twice' : 'ok';
  };
  const errorOf = (name: Name): string | undefined => {
    const state = stateOf(name);
    if (left.has(name) && state !== 'empty' && state !== 'ok') return t(`contract.${state}`);
    return refusal !== null && refusal.meta['contract'] === NODE_NAMES[name] ? t(`contract.${refusal.code}`, { defaultValue: refusal.message }) : undefined;
  };
  const missing = CONTRACTS.find((name) => stateOf(name) !== 'ok');
  const named = CONTRACTS.some((name) => refusal?.meta['contract'] === NODE_NAMES[name]);
  const change = (name: Name, text: string): void => {
    use.reset();
    setAddresses({ ...addresses, [name]: text.trim() });
  };
  return (
    <form className="market__contracts" onSubmit={(event) => { event.preventDefault(); if (missing === undefined) use.mutate(addresses); }}>
      {CONTRACTS.map((name) => (
        <Field key={name} label={t(`missing.${name}`)} error={errorOf(name)}>
          <TextInput mono value={addresses[name]} placeholder="0x…" onChange={(event) => change(name, event.target.value)} onBlur={() => setLeft(new Set([...left, name]))} />
        </Field>
      ))}
      <Button type="submit" busy={use.isPending ? t('missing.checking') : false} disabledReason={missing === undefined ? undefined : t('missing.incomplete', { contract: t(`missing.${missing}`) })}>{t('missing.use')}</Button>
      {use.error !== null && !named && <ErrorPanel error={use.error} />}
    </form>
  );
}
