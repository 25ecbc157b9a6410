/** Three addresses of contracts of streams that somebody put on this network already. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkAddress } from '../../models/address-check.ts';
import { useStreamContracts, type StreamContractAddresses } from '../../models/streams.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';

type Name = keyof StreamContractAddresses;
const CONTRACTS: readonly Name[] = ['stream', 'channel', 'gateway'];
const UNKNOWN = { own: [], paidBefore: [] };

export function ContractForm() {
  const { t } = useTranslation(['streams', 'market']);
  const use = useStreamContracts();
  const [addresses, setAddresses] = useState<StreamContractAddresses>({ stream: '', channel: '', gateway: '' });
  const [left, setLeft] = useState<ReadonlySet<Name>>(new Set());
  const stateOf = (name: Name): string => {
    const { state } = checkAddress(addresses[name], UNKNOWN);
    const isTwice = CONTRACTS.some((other) => other !== name && addresses[other].toLowerCase() === addresses[name].toLowerCase());
    return state === 'empty' || state === 'malformed' || state === 'wrong-checksum' ? state : isTwice ? 'twice' : 'ok';
  };
  const errorOf = (name: Name): string | undefined => {
    const state = stateOf(name);
    return left.has(name) && state !== 'empty' && state !== 'ok' ? t(`market:contract.${state}`) : undefined;
  };
  const missing = CONTRACTS.find((name) => stateOf(name) !== 'ok');
  const change = (name: Name, text: string): void => {
    use.reset();
    setAddresses({ ...addresses, [name]: text.trim() });
  };
  return (
    <form className="streams__contracts" onSubmit={(event) => { event.preventDefault(); if (missing === undefined) use.mutate(addresses); }}>
      {CONTRACTS.map((name) => (
        <Field key={name} label={t(`missing.${name}`)} error={errorOf(name)}>
          <TextInput mono value={addresses[name]} placeholder="0x…" onChange={(event) => change(name, event.target.value)} onBlur={() => setLeft(new Set([...left, name]))} />
        </Field>
      ))}
      <Button type="submit" busy={use.isPending ? t('market:missing.checking') : false} disabledReason={missing === undefined ? undefined : t('market:missing.incomplete', { contract: t(`missing.${missing}`) })}>{t('market:missing.use')}</Button>
      {use.error !== null && <ErrorPanel error={use.error} />}
    </form>
  );
}
