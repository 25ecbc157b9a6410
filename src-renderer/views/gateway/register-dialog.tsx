/** Puts the gateway on the chain, with the bond that stands behind its receipts. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cpc } from '../../models/format.ts';
import { useStreamsStatus } from '../../models/streams.ts';
import { isEndpoint, useGatewaySteps } from '../../models/streams-gateway.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

export function RegisterDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('gateway');
  const { register } = useGatewaySteps();
  const signing = useSigning();
  const least = useStreamsStatus().data?.minGatewayBond ?? null;
  const wallet = useWallet().data;
  const account = wallet === undefined ? undefined : defaultAccount(wallet);
  const [endpoint, setEndpoint] = useState('');
  // Undefined until it is touched: the least bond stands in.
  const [typed, setBond] = useState<bigint | null | undefined>(undefined);
  const bond = typed === undefined ? least : typed;
  const low = bond !== null && least !== null && bond < least ? t('register.low', { amount: cpc(least, { unit: true }) }) : undefined;
  const reason = account === undefined ? t('register.no_account') : !isEndpoint(endpoint) ? t('register.need_endpoint') : bond === null ? t('register.need_bond') : low;
  const go = (): void => {
    if (account === undefined || bond === null) return;
    signing.propose(async () => {
      const proposal = await register(account.address, [endpoint.trim()], bond);
      onClose();
      return proposal;
    });
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('register.act')} footer={<><span /><Button onClick={onClose}>{t('cancel')}</Button><Button variant="ink" busy={signing.pending ? t('running') : false} disabledReason={reason} onClick={go}>{t('register.review')}</Button></>}>
      <div className="streams-desk__form">
        <p className="c-2">{t('register.text')}</p>
        <Field label={t('register.endpoint')} help={t('register.endpoint_help')}><TextInput mono value={endpoint} maxLength={200} placeholder="https://gateway.example.net:8710" onChange={(event) => setEndpoint(event.target.value)} /></Field>
        <AmountField look="normal" label={t('register.bond')} value={bond} onChange={setBond} balance={account?.balance} error={low} />
        {signing.error !== null && <ErrorPanel error={signing.error} />}
      </div>
    </Dialog>
  );
}
