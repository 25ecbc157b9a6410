/** The fields of a payment. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkAddress } from '../../models/address-check.ts';
import { cpc } from '../../models/format.ts';
import { defaultAccount, useMovements, usePrepareSend, useWallet } from '../../models/wallet.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Select } from '../../ui/select.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { AddressField } from './address-field.tsx';
import './wallet.css';

export interface SendFormProps {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly onClose: () => void;
}

/** Payments that are looked through for people who were paid before. */
const REMEMBERED = 200;

export function SendForm({ from, to, onClose }: SendFormProps) {
  const { t } = useTranslation('wallet');
  const wallet = useWallet().data;
  const past = useMovements({ limit: REMEMBERED }).data?.entries ?? [];
  const accounts = wallet?.accounts ?? [];
  const [payer, setPayer] = useState(from);
  const [receiver, setReceiver] = useState(to ?? '');
  const [amount, setAmount] = useState<bigint | null>(null);
  const [all, setAll] = useState(false);
  const [sure, setSure] = useState(false);
  const signing = useSigning();
  const prepareSend = usePrepareSend();
  const account = accounts.find(({ address }) => address === payer) ?? (wallet === undefined ? undefined : defaultAccount(wallet));
  if (account === undefined) return null;

  const paidBefore = past.flatMap((one) => (one.kind === 'out' && one.state === 'ok' && one.counterparty !== null ? [one.counterparty] : []));
  const check = checkAddress(receiver, { own: accounts.map(({ address }) => address), paidBefore });
  const target = check.state === 'ok' || (check.state === 'look-alike' && sure) ? check.address : null;
  const missing = target === null
    ? t(check.state === 'look-alike' ? 'send_sheet.look_alike_missing' : 'send_sheet.to_missing')
    : !all && (amount === null || amount === 0n) ? t('send_sheet.amount_missing') : !all && amount !== null && amount > account.balance ? t('send_sheet.too_much') : undefined;
  const review = (): void => {
    if (target === null) return;
    const input = { from: account.address, to: target, amount: all ? ('all' as const) : (amount ?? 0n) };
    signing.propose(async () => {
      const proposal = await prepareSend(input);
      onClose();
      return proposal;
    });
  };
  return (
    <form className="send-form" onSubmit={(event) => { event.preventDefault(); if (missing === undefined) review(); }}>
      <Select label={t('send_sheet.from')} value={account.address} onChange={setPayer} options={accounts.map((one) => ({ value: one.address, label: `${one.name}, ${cpc(one.balance, { decimals: 2, unit: true })}` }))} />
      <AddressField value={receiver} onChange={(text) => { setReceiver(text); setSure(false); }} check={check} />
      {check.state === 'look-alike' && (
        <Note tone="warn">
          <b>{t('send_sheet.look_alike')}</b>
          <p className="t-mono above-1">{check.known}</p>
          <p className="t-mono">{check.address}</p>
          <div className="above-2"><Checkbox checked={sure} onChange={setSure}>{t('send_sheet.look_alike_sure')}</Checkbox></div>
        </Note>
      )}
      {all ? (
        <Note><b>{t('send_sheet.all')}</b> {t('send_sheet.all_text')} <button type="button" className="link" onClick={() => setAll(false)}>{t('send_sheet.all_undo')}</button></Note>
      ) : (
        <AmountField label={t('send_sheet.amount')} value={amount} onChange={setAmount} balance={account.balance} onAll={() => setAll(true)} />
      )}
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <div className="send-form__foot">
        <Button size="large" onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" variant="ink" size="large" busy={signing.pending ? t('send_sheet.busy') : false} disabledReason={missing}>{t('send_sheet.review')}</Button>
      </div>
    </form>
  );
}
